{{/* Refuses values that would render but can't work, with a sentence. */}}
{{- define "errand.check" -}}
{{- $env := .Values.env | default dict -}}
{{- $grace := int .Values.terminationGracePeriodSeconds -}}
{{- range $name, $default := dict "ERRAND_WORKER_DRAIN" "PT25S" "QUARKUS_SHUTDOWN_DELAY" "PT5S" -}}
{{- $value := hasKey $env $name | ternary (get $env $name) $default -}}
{{- $least := include "errand.seconds" (dict "name" $name "value" $value) | int | add 50 | int -}}
{{- if lt $grace $least -}}
{{- fail (printf "terminationGracePeriodSeconds is %d and must be at least %d: 50 s more than env.%s (%s), or pods are killed while they work" $grace $least $name $value) -}}
{{- end -}}
{{- end -}}
{{- $fixed := dict
  "QUARKUS_HTTP_PORT" (list "8080")
  "QUARKUS_MANAGEMENT_PORT" (list "9000")
  "QUARKUS_HTTP_HOST" (list "0.0.0.0" "::")
  "QUARKUS_MANAGEMENT_HOST" (list "0.0.0.0" "::")
  "QUARKUS_HTTP_HOST_ENABLED" (list "true")
  "QUARKUS_MANAGEMENT_HOST_ENABLED" (list "true") -}}
{{- range $name, $values := $fixed -}}
{{- if and (hasKey $env $name) (not (has (get $env $name) $values)) -}}
{{- fail (printf "env.%s must be %s and not %q: the probes, the service and the network policies of the chart rely on it" $name (join " or " $values) (get $env $name)) -}}
{{- end -}}
{{- end -}}
{{- if and (hasKey $env "ERRAND_WORKER_CONCURRENCY") (not (regexMatch "^(0|[1-9][0-9]{0,8})$" $env.ERRAND_WORKER_CONCURRENCY)) -}}
{{- fail (printf "env.ERRAND_WORKER_CONCURRENCY must be a whole number, at least 0, and not %q" $env.ERRAND_WORKER_CONCURRENCY) -}}
{{- end -}}
{{- with .Values.autoscaling -}}
{{- if and (eq (toString $env.ERRAND_WORKER_CONCURRENCY) "0") (has .by (list "prometheus" "postgresql")) -}}
{{- fail (printf "autoscaling.by can't be %s where env.ERRAND_WORKER_CONCURRENCY is 0: more processes that execute no runs don't shorten the queue; use cpu" .by) -}}
{{- end -}}
{{- if and (ne .by "none") (gt (int .min) (int .max)) -}}
{{- fail (printf "autoscaling.min (%d) must not be more than autoscaling.max (%d)" (int .min) (int .max)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := fromYaml (include "errand.selector" .) -}}
{{- if hasKey ($.Values.podLabels | default dict) $name -}}
{{- fail (printf "podLabels can't have %s: pods are chosen by it" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The seconds of a duration in the environment, rounded up. */}}
{{- define "errand.seconds" -}}
{{- $text := regexReplaceAll "^([0-9]+)$" .value "${1}S" | upper | trimPrefix "PT" -}}
{{- if or (not $text) (not (regexMatch "^([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}([.][0-9]{1,9})?S)?$" $text)) -}}
{{- fail (printf "env.%s is %q: write it in hours, minutes and seconds, such as PT5M or PT90S" .name .value) -}}
{{- end -}}
{{- $hours := regexFind "[0-9]+H" $text | trimSuffix "H" | atoi -}}
{{- $minutes := regexFind "[0-9]+M" $text | trimSuffix "M" | atoi -}}
{{- $seconds := regexFind "[0-9.]+S" $text | trimSuffix "S" | float64 | ceil | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds -}}
{{- end }}
