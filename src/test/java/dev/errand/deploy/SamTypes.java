package dev.errand.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of the SAM and CloudFormation types that the template uses, as their reference
 * lists them. There is no model of them in a library, as there is of Kubernetes' ones.
 */
final class SamTypes {
  private static final Set<String> TEMPLATE =
      names(
          "AWSTemplateFormatVersion Transform Description Metadata Parameters Mappings Conditions"
              + " Rules Resources Outputs Globals");
  private static final Set<String> RESOURCE =
      names("Type Properties Condition DependsOn Metadata DeletionPolicy UpdateReplacePolicy");
  private static final Set<String> PARAMETER =
      names(
          "Type Description Default NoEcho MinLength MaxLength MinValue MaxValue AllowedValues"
              + " AllowedPattern ConstraintDescription");
  private static final Set<String> OUTPUT = names("Description Value Export Condition");

  private static final Set<String> FUNCTION =
      names(
          "Architectures AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties"
              + " AutoPublishCodeSha256 CodeSigningConfigArn CodeUri DeadLetterQueue"
              + " DeploymentPreference Description Environment EphemeralStorage EventInvokeConfig"
              + " Events FileSystemConfigs FunctionName FunctionUrlConfig Handler ImageConfig"
              + " ImageUri InlineCode KmsKeyArn Layers LoggingConfig MemorySize PackageType"
              + " PermissionsBoundary Policies PropagateTags ProvisionedConcurrencyConfig"
              + " RecursiveLoop ReservedConcurrentExecutions Role RolePath Runtime"
              + " RuntimeManagementConfig SnapStart SourceKMSKeyArn Tags Timeout Tracing"
              + " VersionDescription VpcConfig");

  private static final Map<String, Set<String>> TYPES =
      Map.ofEntries(
          Map.entry("AWS::Serverless::Function", FUNCTION),
          type(
              "AWS::Serverless::HttpApi",
              "AccessLogSettings Auth CorsConfiguration DefaultRouteSettings DefinitionBody"
                  + " DefinitionUri Description DisableExecuteApiEndpoint Domain FailOnWarnings Name"
                  + " PropagateTags RouteSettings StageName StageVariables Tags"),
          type(
              "AWS::Lambda::Permission",
              "Action EventSourceToken FunctionName FunctionUrlAuthType Principal PrincipalOrgID"
                  + " SourceAccount SourceArn"),
          type(
              "AWS::IAM::Role",
              "AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path"
                  + " PermissionsBoundary Policies RoleName Tags"),
          type(
              "AWS::IAM::ManagedPolicy",
              "Description Groups ManagedPolicyName Path PolicyDocument Roles Users"),
          type(
              "AWS::Events::EventBus",
              "DeadLetterConfig Description EventSourceName KmsKeyIdentifier LogConfig Name Policy"
                  + " Tags"),
          type(
              "AWS::Events::Rule",
              "Description EventBusName EventPattern Name RoleArn ScheduleExpression State Tags"
                  + " Targets"),
          type(
              "AWS::Logs::LogGroup",
              "DataProtectionPolicy FieldIndexPolicies KmsKeyId LogGroupClass LogGroupName"
                  + " RetentionInDays Tags"),
          type(
              "AWS::SQS::Queue",
              "ContentBasedDeduplication DeduplicationScope DelaySeconds FifoQueue"
                  + " FifoThroughputLimit KmsDataKeyReusePeriodSeconds KmsMasterKeyId"
                  + " MaximumMessageSize MessageRetentionPeriod QueueName"
                  + " ReceiveMessageWaitTimeSeconds RedriveAllowPolicy RedrivePolicy"
                  + " SqsManagedSseEnabled Tags VisibilityTimeout"),
          type("AWS::SQS::QueuePolicy", "PolicyDocument Queues"),
          type(
              "AWS::RDS::DBProxy",
              "Auth DBProxyName DebugLogging DefaultAuthScheme EndpointNetworkType EngineFamily"
                  + " IdleClientTimeout RequireTLS RoleArn Tags TargetConnectionNetworkType"
                  + " VpcSecurityGroupIds VpcSubnetIds"),
          type(
              "AWS::RDS::DBProxyTargetGroup",
              "ConnectionPoolConfigurationInfo DBClusterIdentifiers DBInstanceIdentifiers"
                  + " DBProxyName TargetGroupName"),
          type(
              "AWS::CloudWatch::Alarm",
              "ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator"
                  + " DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile"
                  + " EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics"
                  + " Namespace OKActions Period Statistic Tags Threshold ThresholdMetricId"
                  + " TreatMissingData Unit"));

  private static final Map<String, Set<String>> EVENTS =
      Map.of(
          "HttpApi",
          names("ApiId Auth Method Path PayloadFormatVersion RouteSettings TimeoutInMillis"),
          "ScheduleV2",
          names(
              "DeadLetterConfig Description EndDate FlexibleTimeWindow GroupName Input KmsKeyArn Name"
                  + " OmitName PermissionsBoundary RetryPolicy RoleArn ScheduleExpression"
                  + " ScheduleExpressionTimezone StartDate State"));

  private static final Map<String, Set<String>> PARTS =
      Map.of(
          "Environment", names("Variables"),
          "EventInvokeConfig",
              names("DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts"),
          "VpcConfig", names("Ipv6AllowedForDualStack SecurityGroupIds SubnetIds"),
          "LoggingConfig", names("ApplicationLogLevel LogFormat LogGroup SystemLogLevel"),
          "DefaultRouteSettings",
              names(
                  "DataTraceEnabled DetailedMetricsEnabled LoggingLevel ThrottlingBurstLimit"
                      + " ThrottlingRateLimit"),
          "ConnectionPoolConfigurationInfo",
              names(
                  "ConnectionBorrowTimeout InitQuery MaxConnectionsPercent"
                      + " MaxIdleConnectionsPercent SessionPinningFilters"));

  private static final Set<String> TARGET =
      names(
          "AppSyncParameters Arn BatchParameters DeadLetterConfig EcsParameters HttpParameters Id"
              + " Input InputPath InputTransformer KinesisParameters RedshiftDataParameters"
              + " RetryPolicy RoleArn RunCommandParameters SageMakerPipelineParameters"
              + " SqsParameters");

  private SamTypes() {}

  /** Adds the path of everything in a template that its type does not have. */
  static void findUnknown(JsonNode template, List<String> unknown) {
    check("", template, TEMPLATE, unknown);
    template
        .path("Parameters")
        .properties()
        .forEach(of -> check("Parameters." + of.getKey(), of.getValue(), PARAMETER, unknown));
    template
        .path("Outputs")
        .properties()
        .forEach(of -> check("Outputs." + of.getKey(), of.getValue(), OUTPUT, unknown));
    properties("Globals.Function", template.at("/Globals/Function"), FUNCTION, unknown);
    template
        .path("Resources")
        .properties()
        .forEach(of -> resource("Resources." + of.getKey(), of.getValue(), unknown));
  }

  private static void resource(String at, JsonNode resource, List<String> unknown) {
    check(at, resource, RESOURCE, unknown);
    String type = resource.path("Type").asText();
    @Nullable Set<String> known = TYPES.get(type);
    if (known == null) {
      unknown.add(at + ": " + type);
      return;
    }
    properties(at, resource.path("Properties"), known, unknown);
    if (type.equals("AWS::Events::Rule")) {
      for (JsonNode target : resource.at("/Properties/Targets")) {
        check(at + ".Targets", target, TARGET, unknown);
      }
    }
  }

  private static void properties(
      String at, JsonNode properties, Set<String> known, List<String> unknown) {
    check(at, properties, known, unknown);
    PARTS.forEach((part, names) -> check(at + "." + part, properties.path(part), names, unknown));
    properties
        .path("Events")
        .properties()
        .forEach(
            of -> {
              String type = of.getValue().path("Type").asText();
              String event = at + ".Events." + of.getKey();
              @Nullable Set<String> names = EVENTS.get(type);
              if (names == null) {
                unknown.add(event + ": " + type);
              } else {
                check(event, of.getValue().path("Properties"), names, unknown);
              }
            });
  }

  // What a function of CloudFormation stands for is known only when it is deployed.
  private static void check(String at, JsonNode node, Set<String> known, List<String> unknown) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name) && !name.startsWith("Fn::")) {
                unknown.add(at.isEmpty() ? name : at + "." + name);
              }
            });
  }

  private static Map.Entry<String, Set<String>> type(String name, String properties) {
    return Map.entry(name, names(properties));
  }

  private static Set<String> names(String text) {
    return Set.of(text.split(" "));
  }
}
