-- The schema of 0.1.0, V1 to V46, with rows that this version wrote, by pg_dump --inserts --no-owner --no-acl.
-- The key that sealed them is that of the tests; a model and a receiver are at 127.0.0.1:15900.
-- PostgreSQL database dump
-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.audit_forget(before timestamp with time zone, most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    DECLARE
      old timestamptz := least(before, now() - interval '1 day');
      removed integer;
    BEGIN
      PERFORM set_config('errand.audit_before', old::text, true);
      DELETE FROM audit WHERE id = ANY (ARRAY(SELECT id FROM audit WHERE at < old ORDER BY at, id LIMIT most));
      GET DIAGNOSTICS removed = ROW_COUNT;
      PERFORM set_config('errand.audit_before', '', true);
      RETURN removed;
    END $$;
CREATE FUNCTION public.audit_is_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < nullif(current_setting('errand.audit_before', true), '')::timestamptz THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP
    USING ERRCODE = 'insufficient_privilege', HINT = 'Old lines are removed by audit_forget.';
END $$;
CREATE FUNCTION public.callback_content(include text[], output text, usage text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT '{' || concat_ws(',',
    CASE WHEN 'output' = ANY (include) THEN
      '"output":' || coalesce(to_json(left(output, 32768))::text, 'null') ||
      ',"truncated":' || (coalesce(char_length(output), 0) > 32768)::text END,
    CASE WHEN 'usage' = ANY (include) THEN '"usage":' || usage END) || '}'
$$;
CREATE FUNCTION public.keep_callbacks() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, included)
  SELECT id, NEW.id, 'run.' || NEW.status, NEW.finished_at,
    CASE WHEN include <> '{}' THEN callback_content(include, NEW.output, NEW.usage) END
  FROM task_callback
  WHERE task_id = NEW.task_id AND disabled_at IS NULL AND 'run.' || NEW.status = ANY (events)
  FOR KEY SHARE;
  RETURN NULL;
END $$;
CREATE FUNCTION public.keep_credential_callbacks() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO callback_delivery (callback_id, installation, event, happened_at, included)
  SELECT callback.id, installation.name, 'credential.' || NEW.told, now(),
    json_build_object('reason', NEW.failure, 'expires_at', to_char(NEW.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text
  FROM installation
    JOIN task ON task.profile_id = installation.profile_id AND task.deleted_at IS NULL
    JOIN task_callback AS callback ON callback.task_id = task.id
  WHERE installation.id = NEW.installation_id AND callback.disabled_at IS NULL
    AND 'credential.' || NEW.told = ANY (callback.events)
  FOR KEY SHARE OF callback;
  RETURN NULL;
END $$;
CREATE FUNCTION public.run_has_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO usage_tally VALUES (NEW.profile_id, NEW.task_id,
    (NEW.finished_at AT TIME ZONE 'UTC')::date, NEW.status, NEW.usage, NEW.usage_counted);
  RETURN NULL;
END $$;
CREATE FUNCTION public.run_is_taken_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.usage_counted := NEW.usage;
  RETURN NEW;
END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.account (
    id uuid NOT NULL,
    username text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    kind text DEFAULT 'person'::text NOT NULL,
    email text,
    disabled_at timestamp with time zone,
    password_hash text,
    named_alike boolean DEFAULT false NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    CONSTRAINT account_username_check CHECK ((username ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
);
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    token_id uuid,
    session_id uuid,
    client text,
    action text NOT NULL,
    object text NOT NULL,
    changes text NOT NULL,
    address text,
    request_id text
);
ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.callback_attempt (
    delivery_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    status integer,
    error text,
    took_ms integer NOT NULL,
    CONSTRAINT callback_attempt_number_check CHECK ((number > 0)),
    CONSTRAINT callback_attempt_took_ms_check CHECK ((took_ms >= 0))
);
CREATE TABLE public.callback_delivery (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    callback_id uuid NOT NULL,
    run_id bigint,
    event text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    attempts_before integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    included text,
    installation text,
    CONSTRAINT callback_delivery_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT callback_delivery_check CHECK (((attempts_before >= 0) AND (attempts_before <= attempt))),
    CONSTRAINT callback_delivery_check1 CHECK (((state = 'pending'::text) = (ended_at IS NULL))),
    CONSTRAINT callback_delivery_check2 CHECK (((state = 'pending'::text) OR (lease_until IS NULL))),
    CONSTRAINT callback_delivery_event_check CHECK ((event = ANY (ARRAY['run.ready'::text, 'run.error'::text, 'credential.expiring'::text, 'credential.failing'::text]))),
    CONSTRAINT callback_delivery_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT callback_delivery_subject_check CHECK ((((run_id IS NOT NULL) = (event ~~ 'run.%'::text)) AND ((installation IS NOT NULL) = (event ~~ 'credential.%'::text))))
);
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE public.installation (
    id uuid NOT NULL,
    profile_id uuid NOT NULL,
    servlet_id uuid,
    name text NOT NULL,
    address text NOT NULL,
    domains text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    config_sealed bytea,
    config_keys text[] DEFAULT '{}'::text[] NOT NULL,
    allow_update boolean DEFAULT false NOT NULL,
    disabled_tools text[] DEFAULT '{}'::text[] NOT NULL,
    servlet_address text GENERATED ALWAYS AS (
CASE
    WHEN (servlet_id IS NOT NULL) THEN address
    ELSE NULL::text
END) STORED,
    tools_digest text GENERATED ALWAYS AS (
CASE
    WHEN (servlet_id IS NULL) THEN address
    ELSE NULL::text
END) STORED,
    suspended boolean DEFAULT false NOT NULL,
    CONSTRAINT installation_check CHECK (((config_sealed IS NULL) = (config_keys = '{}'::text[]))),
    CONSTRAINT installation_config_keys_check CHECK ((array_position(config_keys, NULL::text) IS NULL)),
    CONSTRAINT installation_disabled_tools_check CHECK ((array_position(disabled_tools, NULL::text) IS NULL)),
    CONSTRAINT installation_domains_check CHECK ((array_position(domains, NULL::text) IS NULL)),
    CONSTRAINT installation_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
);
CREATE TABLE public.invitation (
    code_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_code_hash_check CHECK ((octet_length(code_hash) = 32))
);
CREATE TABLE public.mcp_connect (
    state_digest bytea NOT NULL,
    installation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    flow_sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT mcp_connect_state_digest_check CHECK ((octet_length(state_digest) = 32))
);
CREATE TABLE public.mcp_credential (
    installation_id uuid NOT NULL,
    issuer text NOT NULL,
    client_id text,
    client_secret_sealed bytea,
    asked_scope text,
    lacked_scope text,
    tokens_sealed bytea,
    scope text,
    expires_at timestamp with time zone,
    has_refresh boolean DEFAULT false NOT NULL,
    connected_by uuid,
    connected_at timestamp with time zone,
    failure text,
    failed boolean DEFAULT false NOT NULL,
    refresh_at timestamp with time zone,
    refreshing_until timestamp with time zone,
    told text,
    failing_since timestamp with time zone,
    tried_at timestamp with time zone,
    pins_next boolean DEFAULT false NOT NULL,
    CONSTRAINT mcp_credential_check CHECK (((client_id IS NOT NULL) OR (client_secret_sealed IS NULL))),
    CONSTRAINT mcp_credential_check1 CHECK (((tokens_sealed IS NULL) = (connected_at IS NULL))),
    CONSTRAINT mcp_credential_check2 CHECK (((tokens_sealed IS NOT NULL) OR ((refresh_at IS NULL) AND (NOT has_refresh)))),
    CONSTRAINT mcp_credential_check3 CHECK (((failure IS NOT NULL) OR (NOT failed))),
    CONSTRAINT mcp_credential_told_check CHECK ((told = ANY (ARRAY['expiring'::text, 'failing'::text])))
);
CREATE TABLE public.mcp_registration (
    id uuid NOT NULL,
    issuer text NOT NULL,
    redirect_uri text NOT NULL,
    client_sealed bytea NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.mcp_server (
    installation_id uuid NOT NULL,
    url text NOT NULL,
    auth text NOT NULL,
    headers_sealed bytea,
    header_names text[] NOT NULL,
    revision text NOT NULL,
    on_change text NOT NULL,
    left_out text[] NOT NULL,
    change_digest text,
    changed_at timestamp with time zone,
    failure text,
    refused boolean DEFAULT false NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    next_check_at timestamp with time zone NOT NULL,
    CONSTRAINT mcp_server_auth_check CHECK ((auth = ANY (ARRAY['none'::text, 'headers'::text, 'oauth'::text]))),
    CONSTRAINT mcp_server_check CHECK (((headers_sealed IS NULL) = (header_names = '{}'::text[]))),
    CONSTRAINT mcp_server_check2 CHECK (((change_digest IS NULL) = (changed_at IS NULL))),
    CONSTRAINT mcp_server_header_names_check CHECK ((array_position(header_names, NULL::text) IS NULL)),
    CONSTRAINT mcp_server_headers_check CHECK (((headers_sealed IS NULL) = (auth <> 'headers'::text))),
    CONSTRAINT mcp_server_on_change_check CHECK ((on_change = ANY (ARRAY['hold'::text, 'accept'::text, 'disable'::text])))
);
CREATE TABLE public.mcp_tool_set (
    digest text NOT NULL,
    tools text NOT NULL,
    used_at timestamp with time zone NOT NULL,
    CONSTRAINT mcp_tool_set_check CHECK ((digest = encode(sha256(convert_to(tools, 'UTF8'::name)), 'hex'::text)))
);
CREATE TABLE public.oauth_client (
    id uuid NOT NULL,
    client_id text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    redirect_uris text[] NOT NULL,
    secret_hash bytea,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT oauth_client_kind_check CHECK ((kind = ANY (ARRAY['manual'::text, 'registered'::text, 'document'::text]))),
    CONSTRAINT oauth_client_redirect_uris_check CHECK ((cardinality(redirect_uris) > 0)),
    CONSTRAINT oauth_client_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
CREATE TABLE public.oauth_grant (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    client_id uuid NOT NULL,
    scopes text[] NOT NULL,
    profile_ids uuid[],
    resource text NOT NULL,
    code_hash bytea NOT NULL,
    code_expires_at timestamp with time zone NOT NULL,
    code_used_at timestamp with time zone,
    redirect_uri text NOT NULL,
    challenge text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT oauth_grant_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT oauth_grant_profile_ids_check CHECK ((cardinality(profile_ids) > 0)),
    CONSTRAINT oauth_grant_scopes_check CHECK ((cardinality(scopes) > 0))
);
CREATE TABLE public.oauth_token (
    token_hash bytea NOT NULL,
    grant_id uuid NOT NULL,
    kind text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT oauth_token_kind_check CHECK ((kind = ANY (ARRAY['access'::text, 'refresh'::text]))),
    CONSTRAINT oauth_token_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE TABLE public.oidc_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.oidc_logout (
    token_id bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT oidc_logout_token_id_check CHECK ((octet_length(token_id) = 32))
);
CREATE TABLE public.profile (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_at timestamp with time zone,
    mcp_tasks boolean DEFAULT true NOT NULL,
    mcp_tools boolean DEFAULT true NOT NULL,
    mcp_manage boolean DEFAULT false NOT NULL,
    CONSTRAINT profile_name_check CHECK (((name ~ '^[A-Za-z0-9._~-]{1,64}$'::text) AND (name <> ALL (ARRAY['~'::text, '.'::text, '..'::text]))))
);
CREATE TABLE public.profile_alias (
    account_id uuid NOT NULL,
    name text NOT NULL,
    profile_id uuid NOT NULL
);
CREATE TABLE public.profile_member (
    profile_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    by_group boolean DEFAULT false NOT NULL,
    CONSTRAINT profile_member_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'runner'::text, 'editor'::text, 'owner'::text])))
);
CREATE TABLE public.provider (
    id uuid NOT NULL,
    account_id uuid,
    profile_id uuid,
    name text NOT NULL,
    runner text NOT NULL,
    settings text NOT NULL,
    base_url text,
    key_sealed bytea,
    key_hint text,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    CONSTRAINT provider_check CHECK (((account_id IS NULL) <> (profile_id IS NULL))),
    CONSTRAINT provider_check1 CHECK (((key_sealed IS NULL) = (key_hint IS NULL))),
    CONSTRAINT provider_name_check CHECK ((name ~ '^[A-Za-z0-9._~-]{1,64}$'::text)),
    CONSTRAINT provider_runner_check CHECK ((runner = 'openai'::text))
);
CREATE TABLE public.resealing (
    id smallint NOT NULL,
    key_id text NOT NULL,
    total bigint NOT NULL,
    done bigint NOT NULL,
    failed bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT resealing_done_check CHECK ((done >= 0)),
    CONSTRAINT resealing_failed_check CHECK ((failed >= 0)),
    CONSTRAINT resealing_id_check CHECK ((id = 1)),
    CONSTRAINT resealing_total_check CHECK ((total >= 0))
);
CREATE TABLE public.run (
    id bigint NOT NULL,
    task_id uuid NOT NULL,
    profile_id uuid NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    parameters text NOT NULL,
    assignment text NOT NULL,
    servlets text DEFAULT '{}'::text NOT NULL,
    trigger text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    depth integer DEFAULT 0 NOT NULL,
    usage text DEFAULT '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"steps":0,"tool_calls":0,"model_ms":0,"tool_ms":0}'::text NOT NULL,
    entry_count integer DEFAULT 0 NOT NULL,
    output text,
    error_code text,
    error_message text,
    available_at timestamp with time zone DEFAULT now() NOT NULL,
    scheduled_at timestamp with time zone,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    alone boolean DEFAULT false NOT NULL,
    losses integer DEFAULT 0 NOT NULL,
    usage_counted text,
    meant_for timestamp with time zone,
    traceparent text,
    finish_reason text,
    eligibility text DEFAULT 'waiting'::text NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    CONSTRAINT run_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT run_check CHECK (((status = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT run_check1 CHECK (((status = ANY (ARRAY['ready'::text, 'error'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT run_check2 CHECK (((status = 'error'::text) = (error_code IS NOT NULL))),
    CONSTRAINT run_check3 CHECK (((error_code IS NULL) = (error_message IS NULL))),
    CONSTRAINT run_check4 CHECK (((status = 'pending'::text) OR (attempt > 0) OR (status = 'error'::text))),
    CONSTRAINT run_check5 CHECK (((status <> 'running'::text) OR (started_at IS NOT NULL))),
    CONSTRAINT run_depth_check CHECK ((depth >= 0)),
    CONSTRAINT run_entry_count_check CHECK ((entry_count >= 0)),
    CONSTRAINT run_losses_check CHECK ((losses >= 0)),
    CONSTRAINT run_name_check CHECK ((name ~ '^[^/[:cntrl:]]{1,255}$'::text)),
    CONSTRAINT run_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'ready'::text, 'error'::text])))
)
WITH (fillfactor='80');
CREATE TABLE public.run_entry (
    run_id bigint NOT NULL,
    seq integer NOT NULL,
    entry text NOT NULL,
    CONSTRAINT run_entry_seq_check CHECK ((seq >= 0))
);
ALTER TABLE public.run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.run_tombstone (
    task_id uuid NOT NULL,
    name text NOT NULL,
    run_id bigint,
    removed_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.schedule (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    name text NOT NULL,
    cron text,
    every_seconds bigint,
    at timestamp with time zone,
    timezone text NOT NULL,
    parameters text NOT NULL,
    enabled boolean NOT NULL,
    missed text NOT NULL,
    jitter_seconds bigint NOT NULL,
    start_at timestamp with time zone,
    end_at timestamp with time zone,
    depth integer DEFAULT 0 NOT NULL,
    next_time timestamp with time zone,
    due_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    open_runs text DEFAULT ''::text NOT NULL,
    paused_at timestamp with time zone,
    paused_reason text,
    fires bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    CONSTRAINT schedule_check CHECK ((num_nonnulls(cron, every_seconds, at) = 1)),
    CONSTRAINT schedule_check1 CHECK ((start_at <= end_at)),
    CONSTRAINT schedule_check2 CHECK (((due_at IS NULL) OR ((next_time IS NOT NULL) AND enabled AND (paused_at IS NULL)))),
    CONSTRAINT schedule_check3 CHECK (((paused_at IS NULL) = (paused_reason IS NULL))),
    CONSTRAINT schedule_depth_check CHECK ((depth >= 0)),
    CONSTRAINT schedule_every_seconds_check CHECK ((every_seconds > 0)),
    CONSTRAINT schedule_failures_check CHECK ((failures >= 0)),
    CONSTRAINT schedule_fires_check CHECK ((fires >= 0)),
    CONSTRAINT schedule_jitter_seconds_check CHECK ((jitter_seconds >= 0)),
    CONSTRAINT schedule_missed_check CHECK ((missed = ANY (ARRAY['none'::text, 'last'::text, 'all'::text]))),
    CONSTRAINT schedule_name_check CHECK ((name ~ '^[A-Za-z0-9._~-]{1,64}$'::text))
);
CREATE TABLE public.schedule_fire (
    schedule_id uuid NOT NULL,
    number bigint NOT NULL,
    scheduled_for timestamp with time zone NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    verdict text NOT NULL,
    detail text NOT NULL,
    run_name text,
    CONSTRAINT schedule_fire_check CHECK (((verdict <> ALL (ARRAY['started'::text, 'known'::text])) OR (run_name IS NOT NULL))),
    CONSTRAINT schedule_fire_number_check CHECK ((number > 0)),
    CONSTRAINT schedule_fire_verdict_check CHECK ((verdict ~ '^[a-z_]{1,64}$'::text))
);
CREATE TABLE public.secret_canary (
    id smallint NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT secret_canary_id_check CHECK ((id = 1))
);
CREATE TABLE public.servlet (
    id uuid NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    visibility text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    required_domains text[] DEFAULT '{}'::text[] NOT NULL,
    required_config text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT servlet_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text)),
    CONSTRAINT servlet_owner_check CHECK ((owner ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text)),
    CONSTRAINT servlet_required_config_check CHECK ((array_position(required_config, NULL::text) IS NULL)),
    CONSTRAINT servlet_required_domains_check CHECK ((array_position(required_domains, NULL::text) IS NULL)),
    CONSTRAINT servlet_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'private'::text])))
);
CREATE TABLE public.servlet_code (
    address text NOT NULL,
    engine text NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT servlet_code_engine_check CHECK (((length(engine) >= 1) AND (length(engine) <= 200)))
);
ALTER TABLE ONLY public.servlet_code ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE TABLE public.servlet_content (
    address text NOT NULL,
    wasm bytea NOT NULL,
    tools text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    tool_names text[] DEFAULT '{}'::text[] NOT NULL,
    engine text DEFAULT 'compiled'::text NOT NULL,
    CONSTRAINT servlet_content_address_check CHECK ((address ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT servlet_content_check CHECK ((address = encode(sha256(wasm), 'hex'::text))),
    CONSTRAINT servlet_content_engine_check CHECK ((engine = ANY (ARRAY['compiled'::text, 'interpreted'::text])))
);
CREATE TABLE public.servlet_version (
    servlet_id uuid NOT NULL,
    number integer NOT NULL,
    address text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    yanked_at timestamp with time zone,
    publication integer,
    CONSTRAINT servlet_version_number_check CHECK ((number > 0)),
    CONSTRAINT servlet_version_publication_check CHECK ((publication > 0))
);
CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    ends_at timestamp with time zone,
    last_used_at timestamp with time zone,
    device text,
    address text,
    oidc_issuer text,
    oidc_sid bytea,
    CONSTRAINT session_kind_check CHECK ((kind = ANY (ARRAY['bootstrap'::text, 'dev'::text, 'user'::text]))),
    CONSTRAINT session_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE TABLE public.signing_key (
    purpose text NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.start_link (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT start_link_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE TABLE public.task (
    id uuid NOT NULL,
    profile_id uuid NOT NULL,
    name text NOT NULL,
    runner text NOT NULL,
    runner_settings text NOT NULL,
    settings text NOT NULL,
    key_sealed bytea,
    key_hint text,
    enabled boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    concurrency integer GENERATED ALWAYS AS (COALESCE((((settings)::json ->> 'concurrency'::text))::integer, 4)) STORED NOT NULL,
    made_by uuid,
    provider_id uuid,
    key_url text,
    CONSTRAINT task_check CHECK (((key_sealed IS NULL) = (key_hint IS NULL))),
    CONSTRAINT task_check1 CHECK (((deleted_at IS NULL) OR (key_sealed IS NULL))),
    CONSTRAINT task_concurrency_check CHECK (((concurrency >= 1) AND (concurrency <= 1000))),
    CONSTRAINT task_name_check CHECK ((name ~ '^[A-Za-z0-9._~-]{1,128}$'::text)),
    CONSTRAINT task_runner_check CHECK ((runner = 'openai'::text))
);
CREATE TABLE public.task_callback (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,
    secrets_sealed bytea NOT NULL,
    secret_hints text[] NOT NULL,
    base_url text,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    include text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT task_callback_events_check CHECK (((events <> '{}'::text[]) AND (events <@ ARRAY['run.ready'::text, 'run.error'::text, 'credential.expiring'::text, 'credential.failing'::text]))),
    CONSTRAINT task_callback_include_check CHECK ((include <@ ARRAY['output'::text, 'usage'::text])),
    CONSTRAINT task_callback_secret_hints_check CHECK ((array_position(secret_hints, NULL::text) IS NULL)),
    CONSTRAINT task_callback_url_check CHECK ((char_length(url) <= 2048))
);
CREATE TABLE public.task_trigger (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    name text NOT NULL,
    scheme text NOT NULL,
    secrets_sealed bytea,
    secret_hints text[] DEFAULT '{}'::text[] NOT NULL,
    tolerance_seconds integer NOT NULL,
    rate_per_minute integer NOT NULL,
    max_body_bytes integer NOT NULL,
    expires_at timestamp with time zone,
    used_until timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    CONSTRAINT task_trigger_check CHECK (((scheme = 'url'::text) = (secrets_sealed IS NULL))),
    CONSTRAINT task_trigger_check1 CHECK (((secrets_sealed IS NULL) = (secret_hints = '{}'::text[]))),
    CONSTRAINT task_trigger_max_body_bytes_check CHECK (((max_body_bytes >= 1) AND (max_body_bytes <= 1048576))),
    CONSTRAINT task_trigger_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text)),
    CONSTRAINT task_trigger_rate_per_minute_check CHECK (((rate_per_minute >= 1) AND (rate_per_minute <= 60000))),
    CONSTRAINT task_trigger_scheme_check CHECK ((scheme = ANY (ARRAY['url'::text, 'standard-webhooks'::text, 'github'::text, 'stripe'::text, 'slack'::text, 'bearer'::text]))),
    CONSTRAINT task_trigger_secret_hints_check CHECK ((array_position(secret_hints, NULL::text) IS NULL)),
    CONSTRAINT task_trigger_tolerance_seconds_check CHECK (((tolerance_seconds >= 1) AND (tolerance_seconds <= 3600)))
);
CREATE TABLE public.token (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    profile_ids uuid[],
    tasks text[],
    made_by uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT token_profile_ids_check CHECK ((cardinality(profile_ids) > 0)),
    CONSTRAINT token_scopes_check CHECK ((cardinality(scopes) > 0)),
    CONSTRAINT token_tasks_check CHECK ((cardinality(tasks) > 0))
);
CREATE TABLE public.tool_definitions (
    address text NOT NULL,
    definitions text NOT NULL,
    used_on date DEFAULT CURRENT_DATE NOT NULL
);
CREATE TABLE public.trigger_delivery (
    id bigint NOT NULL,
    trigger_id uuid NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    sender text NOT NULL,
    verdict text NOT NULL,
    code text,
    message text,
    run_name text,
    content_type text,
    body_bytes integer NOT NULL,
    content_sealed bytea,
    replay_of bigint,
    CONSTRAINT trigger_delivery_body_bytes_check CHECK ((body_bytes >= 0)),
    CONSTRAINT trigger_delivery_check CHECK (((verdict = ANY (ARRAY['failed'::text, 'refused'::text])) = (code IS NOT NULL))),
    CONSTRAINT trigger_delivery_check1 CHECK (((code IS NULL) = (message IS NULL))),
    CONSTRAINT trigger_delivery_check2 CHECK (((verdict <> ALL (ARRAY['started'::text, 'known'::text])) OR (run_name IS NOT NULL))),
    CONSTRAINT trigger_delivery_check3 CHECK (((verdict <> 'refused'::text) OR (content_sealed IS NULL))),
    CONSTRAINT trigger_delivery_verdict_check CHECK ((verdict = ANY (ARRAY['started'::text, 'known'::text, 'challenged'::text, 'failed'::text, 'refused'::text])))
);
ALTER TABLE public.trigger_delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trigger_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.uninstallation (
    profile_id uuid NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.usage_day (
    task_id uuid NOT NULL,
    day date NOT NULL,
    profile_id uuid NOT NULL,
    runs_ready bigint NOT NULL,
    runs_error bigint NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    total_tokens bigint NOT NULL,
    steps bigint NOT NULL,
    tool_calls bigint NOT NULL,
    model_ms bigint NOT NULL,
    tool_ms bigint NOT NULL,
    cost_usd numeric
);
CREATE TABLE public.usage_tally (
    profile_id uuid NOT NULL,
    task_id uuid NOT NULL,
    day date NOT NULL,
    status text NOT NULL,
    usage text NOT NULL,
    counted text
);
CREATE TABLE public.worker_process (
    id uuid NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    capacity integer NOT NULL,
    busy integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
INSERT INTO public.account VALUES ('7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', 'admin', '2026-11-27 07:51:26.396889+00', 'admin', 'person', NULL, NULL, NULL, false, false);
INSERT INTO public.account VALUES ('68d0dc46-96f0-4b7d-b630-5e03e1533588', 'ada', '2026-11-27 07:51:59.142+00', 'member', 'person', NULL, NULL, NULL, false, false);
INSERT INTO public.account VALUES ('1d9fb18e-2031-4e6d-beed-7412548f44af', 'robot', '2026-11-27 07:52:01.032+00', 'member', 'service', NULL, NULL, NULL, false, false);
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-27 07:51:59.974+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'user.created', 'users/ada', '{"username":{"to":"ada"},"role":{"to":"member"},"kind":{"to":"person"},"disabled":{"to":false}}', '127.0.0.1', 'c770ff7b-01f2-43d5-9e75-c284421675f1');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-27 07:52:01.472+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'user.created', 'users/robot', '{"username":{"to":"robot"},"role":{"to":"member"},"kind":{"to":"service"},"disabled":{"to":false}}', '127.0.0.1', 'e72a89cb-1a8e-41c3-8036-e834dde73614');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-27 07:52:02.824+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'member.added', 'profiles/admin/default/members/ada', '{"user":{"to":"ada"},"role":{"to":"runner"}}', '127.0.0.1', '5bc9b5b5-d216-4937-8924-4d5075641181');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (4, '2026-11-27 07:52:07.781+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'task.created', 'tasks/admin/default/digest', '{"name":{"to":"digest"},"runner":{"to":"openai"},"enabled":{"to":true},"openai.prompt":{"to":"Say {{ what }}"},"openai.model":{"to":"m"},"openai.base_url":{"to":"http://127.0.0.1:15900/v1"},"settings.timeout":{"to":"PT10M"},"settings.max_steps":{"to":20},"settings.max_tokens":{"to":200000},"settings.max_cost_usd":{"to":0.5},"settings.max_tool_calls":{"to":50},"settings.max_attempts":{"to":3},"settings.concurrency":{"to":4},"settings.overlap":{"to":"queue"},"settings.callbacks":{"to":[{"url":"http://127.0.0.1:15900/…","events":["run.ready","run.error"],"include":["output"]}]},"settings.key":{"changed":true}}', '127.0.0.1', 'f3372479-e682-48cb-bd6f-aaec2ea6fa58');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (5, '2026-11-27 07:52:09.189+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'task.created', 'tasks/admin/default/tooled', '{"name":{"to":"tooled"},"runner":{"to":"openai"},"enabled":{"to":true},"openai.prompt":{"to":"Use a tool"},"openai.model":{"to":"m"},"openai.base_url":{"to":"http://127.0.0.1:15900/v1"},"settings.timeout":{"to":"PT10M"},"settings.max_steps":{"to":20},"settings.max_tokens":{"to":200000},"settings.max_cost_usd":{"to":0.5},"settings.max_tool_calls":{"to":50},"settings.max_attempts":{"to":3},"settings.concurrency":{"to":4},"settings.overlap":{"to":"queue"},"settings.callbacks":{"to":[]},"settings.key":{"changed":true}}', '127.0.0.1', 'dd81844d-7adc-4b70-84e7-aac412a45018');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (6, '2026-11-27 07:52:10.749+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'task.created', 'tasks/admin/default/slow', '{"name":{"to":"slow"},"runner":{"to":"openai"},"enabled":{"to":true},"openai.prompt":{"to":"Now wait 600"},"openai.model":{"to":"m"},"openai.base_url":{"to":"http://127.0.0.1:15900/v1"},"settings.timeout":{"to":"PT10M"},"settings.max_steps":{"to":20},"settings.max_tokens":{"to":200000},"settings.max_cost_usd":{"to":0.5},"settings.max_tool_calls":{"to":50},"settings.max_attempts":{"to":3},"settings.concurrency":{"to":4},"settings.overlap":{"to":"queue"},"settings.callbacks":{"to":[]},"settings.key":{"changed":true}}', '127.0.0.1', '23afeafa-0fc9-4d5d-b5a8-8b9170b67e39');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (7, '2026-11-27 07:52:11.596+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'task.created', 'tasks/admin/default/gone', '{"name":{"to":"gone"},"runner":{"to":"openai"},"enabled":{"to":true},"openai.prompt":{"to":"Hello"},"openai.model":{"to":"m"},"openai.base_url":{"to":"http://127.0.0.1:15900/v1"},"settings.timeout":{"to":"PT10M"},"settings.max_steps":{"to":20},"settings.max_tokens":{"to":200000},"settings.max_cost_usd":{"to":0.5},"settings.max_tool_calls":{"to":50},"settings.max_attempts":{"to":3},"settings.concurrency":{"to":4},"settings.overlap":{"to":"queue"},"settings.callbacks":{"to":[]},"settings.key":{"changed":true}}', '127.0.0.1', '4701a3f3-b474-4a63-982f-8eb984ca0db3');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (8, '2026-11-27 07:52:16.017+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'run.cancelled', 'tasks/admin/default/gone/runs/first', '{}', '127.0.0.1', '9d6384c5-3a70-4bc0-ac84-450a06cd38f6');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (9, '2026-11-27 07:52:16.357+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'schedule.created', 'tasks/admin/default/digest/schedules/mornings', '{"name":{"to":"mornings"},"cron":{"to":"0 9 * * 1-5"},"timezone":{"to":"Europe/Berlin"},"parameters.what":{"to":"good morning"},"enabled":{"to":true},"missed":{"to":"none"},"description":{"to":"At 09:00 on weekdays, in Europe/Berlin."},"next":{"to":[]},"failures":{"to":0}}', '127.0.0.1', '6852be04-8ef0-4397-b865-0a6763fa9f26');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (10, '2026-11-27 07:52:16.578+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'schedule.created', 'tasks/admin/default/digest/schedules/often', '{"name":{"to":"often"},"every":{"to":"PT1M"},"timezone":{"to":"UTC"},"parameters.what":{"to":"tick"},"enabled":{"to":true},"missed":{"to":"none"},"description":{"to":"Every minute, counted from 2026-11-27 07:52:16 in UTC."},"next":{"to":[]},"failures":{"to":0}}', '127.0.0.1', '5f8d23eb-1ed4-498c-a204-a80c34512356');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (11, '2026-11-27 07:52:18.18+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'trigger.created', 'tasks/admin/default/digest/triggers/issues', '{"name":{"to":"issues"},"scheme":{"to":"github"},"secret_hints":{"to":["…J7HU"]},"tolerance":{"to":"PT5M"},"rate_per_minute":{"to":600},"max_body_bytes":{"to":262144},"enabled":{"to":true},"secrets":{"changed":true}}', '127.0.0.1', '7db18bf8-56ea-4319-8515-387740c35f06');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (12, '2026-11-27 07:52:18.73+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'trigger.created', 'tasks/admin/default/digest/triggers/signed', '{"name":{"to":"signed"},"scheme":{"to":"url"},"secret_hints":{"to":[]},"tolerance":{"to":"PT5M"},"rate_per_minute":{"to":600},"max_body_bytes":{"to":262144},"enabled":{"to":true}}', '127.0.0.1', '4e1f4c6a-a7d0-4fc0-979f-bd84cab6b88b');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (13, '2026-11-27 07:52:40.894+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'token.created', 'tokens/c41bc98b-323c-44c5-b4f4-98e1210083d7', '{"user":{"to":"admin"},"id":{"to":"c41bc98b-323c-44c5-b4f4-98e1210083d7"},"name":{"to":"ci"},"scopes":{"to":["read","run"]}}', '127.0.0.1', 'b0c4b932-ff63-4efe-8078-263ee07c9ecd');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (14, '2026-11-27 07:52:41.039+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'profile.created', 'profiles/admin/other', '{"slug":{"to":"admin/other"},"name":{"to":"other"},"description":{"to":""},"is_public":{"to":false},"role":{"to":"owner"},"mcp.tasks":{"to":true},"mcp.tools":{"to":true},"mcp.manage":{"to":false},"paused":{"to":false}}', '127.0.0.1', '13f92c06-b832-40bd-9006-bd1625ea329d');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (15, '2026-11-27 07:52:41.395+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'profile.changed', 'profiles/admin/renamed', '{"slug":{"from":"admin/other","to":"admin/renamed"},"name":{"from":"other","to":"renamed"}}', '127.0.0.1', '14679e70-3081-4895-b1be-16ba7d6b9888');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (16, '2026-11-27 07:52:41.695+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'provider.created', 'providers/admin/main', '{"name":{"to":"main"},"slug":{"to":"admin/main"},"runner":{"to":"openai"},"openai.model":{"to":"m"},"openai.base_url":{"to":"http://127.0.0.1:15900/v1"},"tasks":{"to":[]},"task_count":{"to":0},"settings.key":{"changed":true}}', '127.0.0.1', '0b4338d6-ad1f-4606-b14f-ea6b8c2d27c9');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (17, '2026-11-27 07:52:42.106+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'task.created', 'tasks/admin/default/shared', '{"name":{"to":"shared"},"runner":{"to":"openai"},"provider":{"to":"admin/main"},"enabled":{"to":true},"openai.prompt":{"to":"Hello"},"settings.timeout":{"to":"PT10M"},"settings.max_steps":{"to":20},"settings.max_tokens":{"to":200000},"settings.max_cost_usd":{"to":0.5},"settings.max_tool_calls":{"to":50},"settings.max_attempts":{"to":3},"settings.concurrency":{"to":4},"settings.overlap":{"to":"queue"},"settings.callbacks":{"to":[]}}', '127.0.0.1', 'bac10eb8-d7fa-427e-844a-32a9a3cfbe3d');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (18, '2026-11-27 07:52:43.198+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'servlet.published', 'servlets/admin/echo', '{"description":{"to":""},"domains":{"to":[]},"address":{"to":"2e9a7f8d7f65cabb3894a99d282c22b1d876c606e783a2169883da83f702b058"},"visibility":{"to":"private"},"config":{"to":[]}}', '127.0.0.1', '422639c9-ab46-438d-98b4-e777f617f451');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (19, '2026-11-27 07:52:43.378+00', 'admin', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, 'installation.created', 'profiles/admin/default/installations/said', '{"address":{"to":"2e9a7f8d7f65cabb3894a99d282c22b1d876c606e783a2169883da83f702b058"},"allow_update":{"to":false},"config":{"to":["key"]},"disabled_tools":{"to":[]},"domains":{"to":[]},"name":{"to":"said"},"servlet":{"to":"admin/echo"},"settings.config.key":{"changed":true}}', '127.0.0.1', '05013ae4-861d-45de-a16e-c9f3a6c4b29f');
INSERT INTO public.callback_attempt VALUES ('b58bb8ad-d572-497c-997f-9ee8c8ff8c75', 1, '2026-11-27 07:52:15.211266+00', 204, NULL, 113);
INSERT INTO public.callback_attempt VALUES ('ed0593d7-21ad-4271-bb98-485c726285a9', 1, '2026-11-27 07:52:18.245885+00', 204, NULL, 137);
INSERT INTO public.callback_attempt VALUES ('6859efca-7c64-42d6-8d39-fe4973fe6839', 1, '2026-11-27 07:52:21.342013+00', 204, NULL, 250);
INSERT INTO public.callback_delivery VALUES ('b58bb8ad-d572-497c-997f-9ee8c8ff8c75', '82891a06-8360-4421-8bf5-2043f6b17b5a', 1, 'run.ready', '2026-11-27 07:52:14.653486+00', 'delivered', 1, 0, '2026-11-27 07:52:15.211266+00', NULL, '2026-11-27 07:52:14.653486+00', '2026-11-27 07:52:15.211266+00', '{"output":"Done.","truncated":false}', NULL);
INSERT INTO public.callback_delivery VALUES ('ed0593d7-21ad-4271-bb98-485c726285a9', '82891a06-8360-4421-8bf5-2043f6b17b5a', 4, 'run.ready', '2026-11-27 07:52:17.219447+00', 'delivered', 1, 0, '2026-11-27 07:52:18.245885+00', NULL, '2026-11-27 07:52:17.219447+00', '2026-11-27 07:52:18.245885+00', '{"output":"Done.","truncated":false}', NULL);
INSERT INTO public.callback_delivery VALUES ('6859efca-7c64-42d6-8d39-fe4973fe6839', '82891a06-8360-4421-8bf5-2043f6b17b5a', 5, 'run.ready', '2026-11-27 07:52:20.545366+00', 'delivered', 1, 0, '2026-11-27 07:52:21.342013+00', NULL, '2026-11-27 07:52:20.545366+00', '2026-11-27 07:52:21.342013+00', '{"output":"Done.","truncated":false}', NULL);
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'accounts and profiles', 'SQL', 'db/migration/V1__accounts_and_profiles.sql', 1196752116, 'errand', '2026-11-27 07:51:11.156473', 210, true);
INSERT INTO public.flyway_schema_history VALUES (2, '2', 'servlets', 'SQL', 'db/migration/V2__servlets.sql', -1238388287, 'errand', '2026-11-27 07:51:11.546972', 178, true);
INSERT INTO public.flyway_schema_history VALUES (3, '3', 'tasks and runs', 'SQL', 'db/migration/V3__tasks_and_runs.sql', -1178362094, 'errand', '2026-11-27 07:51:11.806155', 159, true);
INSERT INTO public.flyway_schema_history VALUES (4, '4', 'registry and installations', 'SQL', 'db/migration/V4__registry_and_installations.sql', 1798029819, 'errand', '2026-11-27 07:51:12.029562', 140, true);
INSERT INTO public.flyway_schema_history VALUES (5, '5', 'claims', 'SQL', 'db/migration/V5__claims.sql', -1939280297, 'errand', '2026-11-27 07:51:12.202944', 140, true);
INSERT INTO public.flyway_schema_history VALUES (6, '6', 'watching and leaving', 'SQL', 'db/migration/V6__watching_and_leaving.sql', 1950932966, 'errand', '2026-11-27 07:51:12.408503', 784, true);
INSERT INTO public.flyway_schema_history VALUES (7, '7', 'compiled code', 'SQL', 'db/migration/V7__compiled_code.sql', -1045400619, 'errand', '2026-11-27 07:51:13.341211', 32, true);
INSERT INTO public.flyway_schema_history VALUES (8, '8', 'schedules', 'SQL', 'db/migration/V8__schedules.sql', -1354591816, 'errand', '2026-11-27 07:51:13.43291', 133, true);
INSERT INTO public.flyway_schema_history VALUES (9, '9', 'triggers', 'SQL', 'db/migration/V9__triggers.sql', -2066655679, 'errand', '2026-11-27 07:51:13.659474', 117, true);
INSERT INTO public.flyway_schema_history VALUES (10, '10', 'callbacks', 'SQL', 'db/migration/V10__callbacks.sql', -1603318976, 'errand', '2026-11-27 07:51:13.833366', 215, true);
INSERT INTO public.flyway_schema_history VALUES (11, '11', 'tasks made by tasks', 'SQL', 'db/migration/V11__tasks_made_by_tasks.sql', -1195355029, 'errand', '2026-11-27 07:51:14.117199', 23, true);
INSERT INTO public.flyway_schema_history VALUES (12, '12', 'usage of waiting runs', 'SQL', 'db/migration/V12__usage_of_waiting_runs.sql', -160349917, 'errand', '2026-11-27 07:51:14.20267', 29, true);
INSERT INTO public.flyway_schema_history VALUES (13, '13', 'traces', 'SQL', 'db/migration/V13__traces.sql', -838235196, 'errand', '2026-11-27 07:51:14.261817', 17, true);
INSERT INTO public.flyway_schema_history VALUES (14, '14', 'finish reason', 'SQL', 'db/migration/V14__finish_reason.sql', -80895777, 'errand', '2026-11-27 07:51:14.296232', 26, true);
INSERT INTO public.flyway_schema_history VALUES (15, '15', 'answers before', 'SQL', 'db/migration/V15__answers_before.sql', -539070167, 'errand', '2026-11-27 07:51:14.339879', 21, true);
INSERT INTO public.flyway_schema_history VALUES (16, '16', 'results in callbacks', 'SQL', 'db/migration/V16__results_in_callbacks.sql', -1555119925, 'errand', '2026-11-27 07:51:14.381951', 56, true);
INSERT INTO public.flyway_schema_history VALUES (17, '17', 'stable version numbers', 'SQL', 'db/migration/V17__stable_version_numbers.sql', -743699249, 'errand', '2026-11-27 07:51:14.449617', 30, true);
INSERT INTO public.flyway_schema_history VALUES (18, '18', 'eligible runs', 'SQL', 'db/migration/V18__eligible_runs.sql', -1326513137, 'errand', '2026-11-27 07:51:14.544555', 81, true);
INSERT INTO public.flyway_schema_history VALUES (19, '19', 'people', 'SQL', 'db/migration/V19__people.sql', -1203045638, 'errand', '2026-11-27 07:51:14.653934', 33, true);
INSERT INTO public.flyway_schema_history VALUES (20, '20', 'users and sessions', 'SQL', 'db/migration/V20__users_and_sessions.sql', 802719437, 'errand', '2026-11-27 07:51:14.721316', 23, true);
INSERT INTO public.flyway_schema_history VALUES (21, '21', 'tokens', 'SQL', 'db/migration/V21__tokens.sql', -250529553, 'errand', '2026-11-27 07:51:14.764768', 82, true);
INSERT INTO public.flyway_schema_history VALUES (22, '22', 'audit', 'SQL', 'db/migration/V22__audit.sql', -2055836538, 'errand', '2026-11-27 07:51:14.868964', 223, true);
INSERT INTO public.flyway_schema_history VALUES (23, '23', 'profiles', 'SQL', 'db/migration/V23__profiles.sql', 586635839, 'errand', '2026-11-27 07:51:15.150211', 205, true);
INSERT INTO public.flyway_schema_history VALUES (24, '24', 'providers', 'SQL', 'db/migration/V24__providers.sql', -29313714, 'errand', '2026-11-27 07:51:15.417069', 73, true);
INSERT INTO public.flyway_schema_history VALUES (25, '25', 'oidc', 'SQL', 'db/migration/V25__oidc.sql', -994402868, 'errand', '2026-11-27 07:51:15.543116', 119, true);
INSERT INTO public.flyway_schema_history VALUES (26, '26', 'resealing', 'SQL', 'db/migration/V26__resealing.sql', -1258725429, 'errand', '2026-11-27 07:51:15.725908', 33, true);
INSERT INTO public.flyway_schema_history VALUES (27, '28', 'names of users', 'SQL', 'db/migration/V28__names_of_users.sql', 1862554582, 'errand', '2026-11-27 07:51:15.789017', 10, true);
INSERT INTO public.flyway_schema_history VALUES (28, '30', 'oauth', 'SQL', 'db/migration/V30__oauth.sql', 1181620246, 'errand', '2026-11-27 07:51:15.812562', 115, true);
INSERT INTO public.flyway_schema_history VALUES (29, '32', 'mcp of profiles', 'SQL', 'db/migration/V32__mcp_of_profiles.sql', 342166229, 'errand', '2026-11-27 07:51:15.996495', 26, true);
INSERT INTO public.flyway_schema_history VALUES (30, '33', 'remote servers', 'SQL', 'db/migration/V33__remote_servers.sql', 1142351376, 'errand', '2026-11-27 07:51:16.09368', 224, true);
INSERT INTO public.flyway_schema_history VALUES (31, '35', 'verified mail', 'SQL', 'db/migration/V35__verified_mail.sql', 748738952, 'errand', '2026-11-27 07:51:16.510124', 35, true);
INSERT INTO public.flyway_schema_history VALUES (32, '36', 'remote credentials', 'SQL', 'db/migration/V36__remote_credentials.sql', 1724403424, 'errand', '2026-11-27 07:51:16.582498', 419, true);
INSERT INTO public.flyway_schema_history VALUES (33, '38', 'start links', 'SQL', 'db/migration/V38__start_links.sql', 1423495753, 'errand', '2026-11-27 07:51:17.039174', 57, true);
INSERT INTO public.flyway_schema_history VALUES (34, '39', 'runs of profiles', 'SQL', 'db/migration/V39__runs_of_profiles.sql', -280937345, 'errand', '2026-11-27 07:51:17.146326', 86, true);
INSERT INTO public.flyway_schema_history VALUES (35, '40', 'credentials in callbacks', 'SQL', 'db/migration/V40__credentials_in_callbacks.sql', -942682440, 'errand', '2026-11-27 07:51:17.30896', 55, true);
INSERT INTO public.flyway_schema_history VALUES (36, '41', 'failing credentials', 'SQL', 'db/migration/V41__failing_credentials.sql', 1575950681, 'errand', '2026-11-27 07:51:17.429006', 85, true);
INSERT INTO public.flyway_schema_history VALUES (37, '42', 'triggers that are off', 'SQL', 'db/migration/V42__triggers_that_are_off.sql', -410751673, 'errand', '2026-11-27 07:51:17.59704', 46, true);
INSERT INTO public.flyway_schema_history VALUES (38, '44', 'worker processes', 'SQL', 'db/migration/V44__worker_processes.sql', -571828431, 'errand', '2026-11-27 07:51:17.720869', 56, true);
INSERT INTO public.flyway_schema_history VALUES (39, '46', 'tool definitions', 'SQL', 'db/migration/V46__tool_definitions.sql', -1511334193, 'errand', '2026-11-27 07:51:17.789299', 141, true);
INSERT INTO public.installation VALUES ('e8440b4c-a459-4072-8ace-45cb332fb75d', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'b66f7b86-7a30-4141-839c-a191310205ca', 'said', '2e9a7f8d7f65cabb3894a99d282c22b1d876c606e783a2169883da83f702b058', '{}', '2026-11-27 07:52:43.374+00', '2026-11-27 07:52:43.374+00', '\x01630dcd291912276617d7eda209da68b55dfffa6c01d279c63bdd033121fd55f383554b0e8b49e7c62fe81daef894c9bc600ac6ac2881', '{key}', false, '{}', DEFAULT, DEFAULT, false);
INSERT INTO public.installation VALUES ('00000000-0000-4000-8000-000000000003', 'bca8b3f0-7ce0-4857-8371-17806516677c', NULL, 'remote', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', '{}', '2026-11-27 07:53:01.780448+00', '2026-11-27 07:53:01.780448+00', NULL, '{}', false, '{}', DEFAULT, DEFAULT, false);
INSERT INTO public.invitation VALUES ('\xa4b6fa9a71c840d5292097f8333cff8918f4754d3747455d7b7bcdc8b92b03aa', '68d0dc46-96f0-4b7d-b630-5e03e1533588', '2026-11-27 07:52:00.312157+00', '2026-12-04 07:52:00.312157+00');
INSERT INTO public.invitation VALUES ('\xde7d1b721a1e0632b7cf04edf5032c8ecffa9f9a08492152b926f1a5a7e765d7', '68d0dc46-96f0-4b7d-b630-5e03e1533588', '2026-11-27 07:53:01.780448+00', '2026-11-30 07:53:01.780448+00');
INSERT INTO public.mcp_connect VALUES ('\x043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89', '00000000-0000-4000-8000-000000000003', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', '\x78', '2026-11-27 07:53:12.762319+00');
INSERT INTO public.mcp_credential VALUES ('00000000-0000-4000-8000-000000000003', 'https://id.example.com', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.mcp_server VALUES ('00000000-0000-4000-8000-000000000003', 'https://mcp.example.com/mcp', 'oauth', NULL, '{}', '2025-11-25', 'hold', '{}', NULL, NULL, NULL, false, '2026-11-27 07:53:01.780448+00', '2099-01-01 00:00:00+00');
INSERT INTO public.mcp_tool_set VALUES ('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', '[]', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.oauth_client VALUES ('00000000-0000-4000-8000-000000000001', 'chat', 'manual', 'A chat', '{https://chat.example.com/callback}', NULL, '2026-11-27 07:53:01.780448+00');
INSERT INTO public.oauth_grant VALUES ('00000000-0000-4000-8000-000000000002', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', '00000000-0000-4000-8000-000000000001', '{read,run}', NULL, '/mcp', '\x2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6', '2026-11-27 07:53:01.780448+00', '2026-11-27 07:53:01.780448+00', 'https://chat.example.com/callback', 'x', '2026-11-27 07:53:01.780448+00', '2026-12-27 07:53:01.780448+00', NULL);
INSERT INTO public.oauth_token VALUES ('\xca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb', '00000000-0000-4000-8000-000000000002', 'refresh', '{read,run}', '2026-12-27 07:53:01.780448+00', NULL);
INSERT INTO public.oidc_identity VALUES ('https://id.example.com', 'ada', '68d0dc46-96f0-4b7d-b630-5e03e1533588', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.oidc_logout VALUES ('\xe3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.profile VALUES ('bca8b3f0-7ce0-4857-8371-17806516677c', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', 'default', '', false, '2026-11-27 07:51:26.452631+00', '2026-11-27 07:51:26.452631+00', NULL, true, true, false);
INSERT INTO public.profile VALUES ('634e10ec-938f-41c6-b735-281095f87a4b', '68d0dc46-96f0-4b7d-b630-5e03e1533588', 'default', '', false, '2026-11-27 07:51:59.066519+00', '2026-11-27 07:51:59.066519+00', NULL, true, true, false);
INSERT INTO public.profile VALUES ('8ba8f675-4080-4916-a9aa-85678811fbd3', '1d9fb18e-2031-4e6d-beed-7412548f44af', 'default', '', false, '2026-11-27 07:52:00.972048+00', '2026-11-27 07:52:00.972048+00', NULL, true, true, false);
INSERT INTO public.profile VALUES ('087e5872-f544-423e-ba1a-747b42e57bd9', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', 'renamed', '', false, '2026-11-27 07:52:41.021+00', '2026-11-27 07:52:41.369+00', NULL, true, true, false);
INSERT INTO public.profile_alias VALUES ('7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', 'other', '087e5872-f544-423e-ba1a-747b42e57bd9');
INSERT INTO public.profile_member VALUES ('bca8b3f0-7ce0-4857-8371-17806516677c', '68d0dc46-96f0-4b7d-b630-5e03e1533588', 'runner', '2026-11-27 07:52:02.809559+00', false);
INSERT INTO public.provider VALUES ('985f1c9e-45d6-40a0-8748-ea6973f7b2ae', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', NULL, 'main', 'openai', '{"model":"m"}', 'http://127.0.0.1:15900/v1', '\x01630dcd2980329aa5e4b1d7e081d4a81937039969f81e9b451dc4c35526a920abcd7bd76fa3890395001bdf43f157e5be5f7b1e6af12cc9', '…1234', '2026-11-27 07:52:41.661+00', '2026-11-27 07:52:41.661+00');
INSERT INTO public.resealing VALUES (1, 'none', 0, 0, 0, '2026-11-27 07:53:01.780448+00', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (1, '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'first', 'ready', '{"what":"hello"}', '{"openai":{"prompt":"Say hello","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"api"}', 1, 0, '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cached_tokens":0,"reasoning_tokens":0,"steps":1,"tool_calls":0,"model_ms":336,"tool_ms":0}', 2, 'Done.', NULL, NULL, '2026-11-27 07:52:13.743194+00', NULL, NULL, '2026-11-27 07:52:13.743194+00', '2026-11-27 07:52:14.653486+00', '2026-11-27 07:52:13.743194+00', '2026-11-27 07:52:14.653486+00', false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (3, '77ca412c-7f3e-4a5c-8ae4-41abdc4d6151', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'first', 'ready', '{}', '{"openai":{"prompt":"Hello","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"api"}', 1, 0, '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cached_tokens":0,"reasoning_tokens":0,"steps":1,"tool_calls":0,"model_ms":52,"tool_ms":0}', 2, 'Done.', NULL, NULL, '2026-11-27 07:52:15.804481+00', NULL, NULL, '2026-11-27 07:52:15.804481+00', '2026-11-27 07:52:15.892467+00', '2026-11-27 07:52:15.804481+00', '2026-11-27 07:52:15.892467+00', false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (2, 'bf5d85f5-e62c-478c-bbe7-2f422f9cfb31', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'first', 'ready', '{}', '{"openai":{"prompt":"Use a tool","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"api"}', 1, 0, '{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10,"cached_tokens":0,"reasoning_tokens":0,"steps":2,"tool_calls":1,"model_ms":173,"tool_ms":196}', 5, 'Done.', NULL, NULL, '2026-11-27 07:52:15.042438+00', NULL, NULL, '2026-11-27 07:52:15.042438+00', '2026-11-27 07:52:15.665012+00', '2026-11-27 07:52:15.042438+00', '2026-11-27 07:52:15.665012+00', false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (4, '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'often@manual-2026-11-27T07:52:17.095Z', 'ready', '{"what":"tick"}', '{"openai":{"prompt":"Say tick","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"schedule","schedule":"often","manual":true}', 1, 0, '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cached_tokens":0,"reasoning_tokens":0,"steps":1,"tool_calls":0,"model_ms":29,"tool_ms":0}', 2, 'Done.', NULL, NULL, '2026-11-27 07:52:17.152468+00', NULL, NULL, '2026-11-27 07:52:17.152468+00', '2026-11-27 07:52:17.219447+00', '2026-11-27 07:52:17.152468+00', '2026-11-27 07:52:17.219447+00', false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (5, '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'ccb171b3-0ac3-455a-80a0-a7522bbb7df2', 'ready', '{"what":"hook"}', '{"openai":{"prompt":"Say hook","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"webhook","trigger":"signed","scheme":"url"}', 1, 0, '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cached_tokens":0,"reasoning_tokens":0,"steps":1,"tool_calls":0,"model_ms":80,"tool_ms":0}', 2, 'Done.', NULL, NULL, '2026-11-27 07:52:20.420473+00', NULL, NULL, '2026-11-27 07:52:20.420473+00', '2026-11-27 07:52:20.545366+00', '2026-11-27 07:52:20.420473+00', '2026-11-27 07:52:20.545366+00', false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (6, 'b3c1526c-c576-42a7-82e9-d603dc444cb8', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'held', 'running', '{}', '{"openai":{"prompt":"Now wait 600","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"api"}', 1, 0, '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"steps":0,"tool_calls":0,"model_ms":0,"tool_ms":0}', 1, NULL, NULL, NULL, '2026-11-27 07:52:21.382602+00', NULL, '2026-11-27 07:53:19.408931+00', '2026-11-27 07:52:21.382602+00', '2026-11-27 07:52:21.382602+00', '2026-11-27 07:52:21.382602+00', NULL, false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES (7, 'b3c1526c-c576-42a7-82e9-d603dc444cb8', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'later', 'running', '{}', '{"openai":{"prompt":"Now wait 600","model":"m","base_url":"http://127.0.0.1:15900/v1"},"settings":{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}}', '{ "c4b548c6-4884-4371-8557-834edb48f632" : "4925777bfef7bf994254dd5c5819e70abefc1586c7e4e59bb5c1a509bc019f93", "0c78d3ef-5dfe-40bb-9799-93a69577db58" : "c69ac64709d854f0982b7bdfff55850c72f3a8259974d3db18f1553ff8c0cc84", "ae536853-c895-4e79-a6de-a9cf121d83ed" : "f8541688c779dccae1895b3e681d59ce9ae3ea48f378bf89b40dc55af9bd476e", "4ed52f16-9740-44fb-9875-e8322a574521" : "515f7334cc719c230929c09008b5281a2d91371ccd3b0e5fbc9872c437b237c0" }', '{"kind":"api"}', 1, 0, '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"steps":0,"tool_calls":0,"model_ms":0,"tool_ms":0}', 1, NULL, NULL, NULL, '2026-11-27 07:52:21.529613+00', NULL, '2026-11-27 07:53:19.408931+00', '2026-11-27 07:52:21.529613+00', '2026-11-27 07:52:21.529613+00', '2026-11-27 07:52:21.529613+00', NULL, false, 0, NULL, NULL, NULL, NULL, 'eligible', 1);
INSERT INTO public.run_entry VALUES (1, 0, '{"msg":"message","time":1795765933716,"level":30,"exchange":{"role":"user","content":"Say hello"}}');
INSERT INTO public.run_entry VALUES (1, 1, '{"msg":"final message","time":1795765934553,"level":30,"lastMessage":{"role":"assistant","content":"Done."},"ms":336,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (2, 0, '{"msg":"message","time":1795765935032,"level":30,"exchange":{"role":"user","content":"Use a tool"}}');
INSERT INTO public.run_entry VALUES (2, 1, '{"msg":"message","time":1795765935230,"level":30,"exchange":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"calc_calculate","arguments":"{\"expression\":\"1+1\"}"}}]},"ms":65,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (2, 2, '{"msg":"call tool request","time":1795765935230,"level":30,"params":{"name":"calc_calculate","arguments":{"expression":"1+1"}},"tool_call_id":"c1"}');
INSERT INTO public.run_entry VALUES (2, 3, '{"msg":"call tool result","time":1795765935487,"level":30,"exchange":{"role":"tool","tool_call_id":"c1","content":"2"},"is_error":false,"ms":196}');
INSERT INTO public.run_entry VALUES (2, 4, '{"msg":"final message","time":1795765935659,"level":30,"lastMessage":{"role":"assistant","content":"Done."},"ms":108,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (3, 0, '{"msg":"message","time":1795765935792,"level":30,"exchange":{"role":"user","content":"Hello"}}');
INSERT INTO public.run_entry VALUES (3, 1, '{"msg":"final message","time":1795765935884,"level":30,"lastMessage":{"role":"assistant","content":"Done."},"ms":52,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (4, 0, '{"msg":"message","time":1795765937137,"level":30,"exchange":{"role":"user","content":"Say tick"}}');
INSERT INTO public.run_entry VALUES (4, 1, '{"msg":"final message","time":1795765937218,"level":30,"lastMessage":{"role":"assistant","content":"Done."},"ms":29,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (5, 0, '{"msg":"message","time":1795765940417,"level":30,"exchange":{"role":"user","content":"Say hook"}}');
INSERT INTO public.run_entry VALUES (5, 1, '{"msg":"final message","time":1795765940544,"level":30,"lastMessage":{"role":"assistant","content":"Done."},"ms":80,"tools":"sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e"}');
INSERT INTO public.run_entry VALUES (6, 0, '{"msg":"message","time":1795765941381,"level":30,"exchange":{"role":"user","content":"Now wait 600"}}');
INSERT INTO public.run_entry VALUES (7, 0, '{"msg":"message","time":1795765941510,"level":30,"exchange":{"role":"user","content":"Now wait 600"}}');
INSERT INTO public.run_tombstone VALUES ('7a7d7377-0e45-4d61-88c8-64fdf9161357', 'removed', NULL, '2026-11-27 07:53:12.689355+00');
INSERT INTO public.run_tombstone VALUES ('7a7d7377-0e45-4d61-88c8-64fdf9161357', 'often@2026-11-27T07:53:16Z', NULL, '2026-11-27 07:53:21.107+00');
INSERT INTO public.schedule VALUES ('7221bec0-5dd5-4f4a-a985-d5d9e7185613', '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'mornings', '0 9 * * 1-5', NULL, NULL, 'Europe/Berlin', '{"what":"good morning"}', true, 'none', 0, NULL, NULL, 0, '2026-11-27 08:00:00+00', '2026-11-27 08:00:00+00', 0, '', NULL, NULL, 0, '2026-11-27 07:52:16.287+00', '2026-11-27 07:52:16.287+00');
INSERT INTO public.schedule VALUES ('6c947f8c-1508-4e21-afa9-b52c963acc62', '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'often', NULL, 60, NULL, 'UTC', '{"what":"tick"}', true, 'none', 0, NULL, NULL, 0, '2026-11-27 07:54:16+00', '2026-11-27 07:54:16+00', 0, 'often@2026-11-27T07:53:16Z', NULL, NULL, 1, '2026-11-27 07:52:16.534+00', '2026-11-27 07:52:16.534+00');
INSERT INTO public.schedule_fire VALUES ('6c947f8c-1508-4e21-afa9-b52c963acc62', 1, '2026-11-27 07:53:16+00', '2026-11-27 07:53:16.214+00', 'started', 'The run often@2026-11-27T07:53:16Z was started.', 'often@2026-11-27T07:53:16Z');
INSERT INTO public.secret_canary VALUES (1, '\x01630dcd2913455ed158704ebb5f910e5cabae1a113b1ae02fcd478e0eb0e8d37e0af8f112b8ed');
INSERT INTO public.servlet VALUES ('b66f7b86-7a30-4141-839c-a191310205ca', 'admin', 'echo', '', 'private', '2026-11-27 07:52:43.19+00', '2026-11-27 07:52:43.194+00', '{}', '{}');
INSERT INTO public.servlet_content VALUES ('2e9a7f8d7f65cabb3894a99d282c22b1d876c606e783a2169883da83f702b058', '\x0061736d01000000016a1260037f7f7f017f60037f7e7f017e60017e017e60027e7e0060027e7f006000017e60017e017f60017f017f60027f7f017f60047f7e7f7f017f60047f7f7f7f017f6000006000017f60017f0060027c7f017c60057f7f7f7f7f017f60037f7f7f0060057f7f7f7f7f0002b8020a0f65787469736d3a686f73742f656e7605616c6c6f6300020f65787469736d3a686f73742f656e760973746f72655f75363400030f65787469736d3a686f73742f656e760873746f72655f753800040f65787469736d3a686f73742f656e760a6f75747075745f73657400030f65787469736d3a686f73742f656e760c696e7075745f6c656e67746800050f65787469736d3a686f73742f656e760d696e7075745f6c6f61645f7538000616776173695f736e617073686f745f70726576696577310866645f636c6f7365000716776173695f736e617073686f745f70726576696577310d66645f6664737461745f676574000816776173695f736e617073686f745f70726576696577310766645f7365656b000916776173695f736e617073686f745f70726576696577310866645f7772697465000a03302f0b0b0c0d0c0707000b07070c0b080708090a0b070700000700010107000a08080700080e08000f10110b0000070008040501700105050503010002060d027f0141b0aa040b7f0041000b072a04066d656d6f727902000b5f696e697469616c697a65000b086465736372696265000c0463616c6c000e090a010041010b04201e22240acaaa012f02000b3100024023818080800041809e8080006a280200450d00000b23818080800041809e8080006a4101360200108a808080000b1000418088808000108d8080800041000bb80103017e017f047e42002101200010b6808080002202ad22031080808080002104024020024108490d0042002105200021020340200420057c2002290000108180808000200241086a2102200542107c2106200542087c2201210520062003580d000b0b024020032001580d00200420017c2105200320017d210620002001a76a21020340200520022d0000108280808000200542017c2105200241016a21022006427f7c22064200520d000b0b200420031083808080000bc10205017f017e037f017e017f23808080800041106b22002480808080001084808080002201a7220241016a108f808080002103200241017441e4006a108f80808000210402402001500d0042002105200321060340200620051085808080003a0000200641016a21062001200542017c2205520d000b0b200320026a41003a00002000200236020041e18980800020001097808080001a41002802fc8a8080001094808080001a200441bd89808000412410b480808000220441236a2106037f0240024020032d000022024122460d00200241dc00460d0020020d01200641046a41002d0086898080003a000020064100280082898080003600002004108d80808000200041106a24808080800041000f0b200641dc003a0000200641016a210620032d000021020b200620023a0000200341016a2103200641016a21060c000b0b0a0020001090808080000bf829010b7f23808080800041106b22012480808080000240024002400240024002400240024002400240024002400240410028029c9e80800022020d00024041002802dca180800022030d004100427f3702e8a1808000410042808084808080c0003702e0a18080004100200141086a41707141d8aad5aa057322033602dca1808000410041003602f0a1808000410041003602c0a18080000b41808088800041b0aa848000490d014100210241808088800041b0aa8480006b41d900490d0041002104410041b0aa8480003602c4a1808000410041b0aa8480003602949e808000410020033602a89e8080004100417f3602a49e808000410041808088800041b0aa8480006b22033602c8a1808000410020033602b8a1808000410020033602b4a18080000340200441c09e8080006a200441b49e8080006a22033602002003200441ac9e8080006a2205360200200441b89e8080006a2005360200200441c89e8080006a200441bc9e8080006a220536020020052003360200200441d09e8080006a200441c49e8080006a220336020020032005360200200441cc9e8080006a2003360200200441206a2204418002470d000b418080888000414c6a4138360200410041002802eca18080003602a09e808000410041b0aa848000417841b0aa8480006b410f7122046a220236029c9e808000410041808088800041b0aa8480006b20046b41486a22043602909e808000200220044101723602040b02400240200041ec014b0d00024041002802849e80800022064110200041136a41f003712000410b491b22054103762203762204410371450d000240024020044101712003724101732205410374220341ac9e8080006a2204200341b49e8080006a28020022032802082200470d0041002006417e200577713602849e8080000c010b200420003602082000200436020c0b200341086a2104200320054103742205410372360204200320056a220320032802044101723602040c0e0b2005410028028c9e80800022074d0d0102402004450d0002400240200420037441022003742204410020046b7271682203410374220441ac9e8080006a2200200441b49e8080006a28020022042802082208470d0041002006417e2003777122063602849e8080000c010b200020083602082008200036020c0b200420054103723602042004200341037422036a200320056b2200360200200420056a2208200041017236020402402007450d00200741787141ac9e8080006a210541002802989e808000210302400240200641012007410376742209710d00410020062009723602849e808000200521090c010b200528020821090b2009200336020c200520033602082003200536020c200320093602080b200441086a2104410020083602989e8080004100200036028c9e8080000c0e0b41002802889e808000220a450d01200a6841027441b4a08080006a280200220828020441787120056b210320082100024003400240200028021022040d0020002802142204450d020b200428020441787120056b22002003200020034922001b21032004200820001b2108200421000c000b0b200828021821020240200828020c22042008460d0020082802082200200436020c200420003602080c0d0b0240024020082802142200450d00200841146a21090c010b20082802102200450d04200841106a21090b03402009210b2000220441146a2109200428021422000d00200441106a2109200428021022000d000b200b41003602000c0c0b417f2105200041bf7f4b0d00200041136a2204417071210541002802889e808000220a450d00411f21070240200041ecffff074b0d002005412620044108766722046b7641017120044101746b413e6a21070b410020056b21030240024002400240200741027441b4a08080006a28020022000d0041002104410021090c010b4100210420054100411920074101766b2007411f461b7421084100210903400240200028020441787120056b220620034f0d00200621032000210920060d004100210320002109200021040c030b200420002802142206200620002008411d764104716a41106a280200220b461b200420061b210420084101742108200b2100200b0d000b0b024020042009720d004100210941022007742204410020046b72200a712204450d0320046841027441b4a08080006a28020021040b2004450d010b0340200428020441787120056b220620034921080240200428021022000d00200428021421000b2006200320081b21032004200920081b21092000210420000d000b0b2009450d002003410028028c9e80800020056b4f0d002009280218210b0240200928020c22042009460d0020092802082200200436020c200420003602080c0b0b0240024020092802142200450d00200941146a21080c010b20092802102200450d04200941106a21080b0340200821062000220441146a2108200428021422000d00200441106a2108200428021022000d000b200641003602000c0a0b0240410028028c9e80800022042005490d0041002802989e808000210302400240200420056b22004110490d00200320056a22082000410172360204200320046a2000360200200320054103723602040c010b20032004410372360204200320046a2204200428020441017236020441002108410021000b4100200036028c9e808000410020083602989e808000200341086a21040c0c0b024041002802909e808000220020054d0d00200220056a2204200020056b22034101723602044100200436029c9e808000410020033602909e80800020022005410372360204200241086a21040c0c0b0240024041002802dca1808000450d0041002802e4a180800021030c010b4100427f3702e8a1808000410042808084808080c0003702e0a180800041002001410c6a41707141d8aad5aa05733602dca1808000410041003602f0a1808000410041003602c0a18080004180800421030b4100210402402003200541c7006a220b6a2208410020036b220671220920054b0d00410041303602f4a18080000c0c0b024041002802bca18080002204450d00024041002802b4a1808000220320096a220720034d0d00200720044d0d010b41002104410041303602f4a18080000c0c0b41002d00c0a18080004104710d050240024002402002450d0041c4a18080002104034002402004280200220320024b0d00200320042802046a20024b0d030b200428020822040d000b0b41001093808080002208417f460d0620092106024041002802e0a18080002204417f6a2203200871450d00200920086b200320086a410020046b716a21060b200620054d0d06200641feffffff074b0d06024041002802bca18080002204450d0041002802b4a1808000220320066a220020034d0d07200020044b0d070b200610938080800022042008470d010c080b200820006b200671220641feffffff074b0d0520061093808080002208200428020020042802046a460d04200821040b02402006200541c8006a4f0d002004417f460d000240200b20066b41002802e4a180800022036a410020036b71220341feffffff074d0d00200421080c080b02402003109380808000417f460d00200320066a2106200421080c080b410020066b1093808080001a0c050b200421082004417f470d060c040b000b410021040c080b410021040c060b2008417f470d020b410041002802c0a18080004104723602c0a18080000b200941feffffff074b0d0120091093808080002108410010938080800021042008417f460d012004417f460d01200820044f0d01200420086b2206200541386a4d0d010b410041002802b4a180800020066a22043602b4a18080000240200441002802b8a18080004d0d00410020043602b8a18080000b0240024002400240410028029c9e8080002203450d0041c4a180800021040340200820042802002200200428020422096a460d02200428020822040d000c030b0b0240024041002802949e8080002204450d00200820044f0d010b410020083602949e8080000b41002104410020063602c8a1808000410020083602c4a18080004100417f3602a49e808000410041002802dca18080003602a89e808000410041003602d0a18080000340200441c09e8080006a200441b49e8080006a22033602002003200441ac9e8080006a2200360200200441b89e8080006a2000360200200441c89e8080006a200441bc9e8080006a220036020020002003360200200441d09e8080006a200441c49e8080006a220336020020032000360200200441cc9e8080006a2003360200200441206a2204418002470d000b2008417820086b410f7122046a2203200641486a220020046b2204410172360204410041002802eca18080003602a09e808000410020043602909e8080004100200336029c9e808000200820006a41383602040c020b200320084f0d0020032000490d00200428020c4108710d002003417820036b410f7122006a220841002802909e80800020066a220b20006b22004101723602042004200920066a360204410041002802eca18080003602a09e808000410020003602909e8080004100200836029c9e8080002003200b6a41383602040c010b0240200841002802949e8080004f0d00410020083602949e8080000b200820066a210041c4a18080002104024002400340200428020022092000460d01200428020822040d000c020b0b20042d000c410871450d030b41c4a180800021040240034002402004280200220020034b0d00200020042802046a220020034b0d020b200428020821040c000b0b2008417820086b410f7122046a220b200641486a220920046b2204410172360204200820096a413836020420032000413720006b410f716a41416a22092009200341106a491b22094123360204410041002802eca18080003602a09e808000410020043602909e8080004100200b36029c9e808000200941106a41002902cca1808000370200200941002902c4a18080003702084100200941086a3602cca1808000410020063602c8a1808000410020083602c4a1808000410041003602d0a1808000200941246a2104034020044107360200200441046a22042000490d000b20092003460d0020092009280204417e713602042009200920036b22083602002003200841017236020402400240200841ff014b0d00200841787141ac9e8080006a21040240024041002802849e808000220041012008410376742208710d00410020002008723602849e808000200421000c010b200428020821000b2000200336020c20042003360208410c2108410821090c010b411f21040240200841ffffff074b0d002008412620084108766722046b7641017120044101746b413e6a21040b2003200436021c20034200370210200441027441b4a08080006a210002400240024041002802889e808000220941012004742206710d0020002003360200410020092006723602889e808000200320003602180c010b20084100411920044101766b2004411f461b742104200028020021090340200922002802044178712008460d022004411d76210920044101742104200020094104716a41106a220628020022090d000b20062003360200200320003602180b41082108410c210920032100200321040c010b20002802082104200020033602082004200336020c200320043602084100210441182108410c21090b200320096a2000360200200320086a20043602000b41002802909e808000220420054d0d00410028029c9e808000220320056a2200200420056b2204410172360204410020043602909e8080004100200036029c9e80800020032005410372360204200341086a21040c040b41002104410041303602f4a18080000c030b200420083602002004200428020420066a36020420082009200510918080800021040c020b0240200b450d00024002402009200928021c220841027441b4a08080006a2200280200470d002000200436020020040d014100200a417e20087771220a3602889e8080000c020b200b41104114200b2802102009461b6a20043602002004450d010b2004200b360218024020092802102200450d0020042000360210200020043602180b20092802142200450d0020042000360214200020043602180b024002402003410f4b0d00200920032005722204410372360204200920046a220420042802044101723602040c010b200920056a2208200341017236020420092005410372360204200820036a20033602000240200341ff014b0d00200341787141ac9e8080006a21040240024041002802849e808000220541012003410376742203710d00410020052003723602849e808000200421030c010b200428020821030b2003200836020c200420083602082008200436020c200820033602080c010b411f21040240200341ffffff074b0d002003412620034108766722046b7641017120044101746b413e6a21040b2008200436021c20084200370210200441027441b4a08080006a21050240200a41012004742200710d00200520083602004100200a2000723602889e80800020082005360218200820083602082008200836020c0c010b20034100411920044101766b2004411f461b7421042005280200210002400340200022052802044178712003460d012004411d76210020044101742104200520004104716a41106a220628020022000d000b20062008360200200820053602182008200836020c200820083602080c010b20052802082204200836020c20052008360208200841003602182008200536020c200820043602080b200941086a21040c010b02402002450d00024002402008200828021c220941027441b4a08080006a2200280200470d002000200436020020040d014100200a417e200977713602889e8080000c020b20024110411420022802102008461b6a20043602002004450d010b20042002360218024020082802102200450d0020042000360210200020043602180b20082802142200450d0020042000360214200020043602180b024002402003410f4b0d00200820032005722204410372360204200820046a220420042802044101723602040c010b200820056a2200200341017236020420082005410372360204200020036a200336020002402007450d00200741787141ac9e8080006a210541002802989e808000210402400240410120074103767422092006710d00410020092006723602849e808000200521090c010b200528020821090b2009200436020c200520043602082004200536020c200420093602080b410020003602989e8080004100200336028c9e8080000b200841086a21040b200141106a24808080800020040b9c0801077f2000417820006b410f716a220320024103723602042001417820016b410f716a2204200320026a22056b2100024002402004410028029c9e808000470d004100200536029c9e808000410041002802909e80800020006a22023602909e808000200520024101723602040c010b0240200441002802989e808000470d00410020053602989e8080004100410028028c9e80800020006a220236028c9e80800020052002410172360204200520026a20023602000c010b0240200428020422014103714101470d0020014178712106200428020c210202400240200141ff014b0d000240200220042802082207470d00410041002802849e808000417e200141037677713602849e8080000c020b200220073602082007200236020c0c010b200428021821080240024020022004460d0020042802082201200236020c200220013602080c010b02400240024020042802142201450d00200441146a21070c010b20042802102201450d01200441106a21070b0340200721092001220241146a2107200228021422010d00200241106a2107200228021022010d000b200941003602000c010b410021020b2008450d00024002402004200428021c220741027441b4a08080006a2201280200470d002001200236020020020d01410041002802889e808000417e200777713602889e8080000c020b20084110411420082802102004461b6a20023602002002450d010b20022008360218024020042802102201450d0020022001360210200120023602180b20042802142201450d0020022001360214200120023602180b200620006a2100200420066a220428020421010b20042001417e71360204200520006a2000360200200520004101723602040240200041ff014b0d00200041787141ac9e8080006a21020240024041002802849e808000220141012000410376742200710d00410020012000723602849e808000200221000c010b200228020821000b2000200536020c200220053602082005200236020c200520003602080c010b411f21020240200041ffffff074b0d002000412620004108766722026b7641017120024101746b413e6a21020b2005200236021c20054200370210200241027441b4a08080006a2101024041002802889e808000220741012002742204710d0020012005360200410020072004723602889e80800020052001360218200520053602082005200536020c0c010b20004100411920024101766b2002411f461b7421022001280200210702400340200722012802044178712000460d012002411d76210720024101742102200120074104716a41106a220428020022070d000b20042005360200200520013602182005200536020c200520053602080c010b20012802082202200536020c20012005360208200541003602182005200136020c200520023602080b200341086a0b0300000b4e00024020000d003f004110740f0b0240200041ffff03710d002000417f4c0d000240200041107640002200417f470d00410041303602f4a1808000417f0f0b20004110740f0b109280808000000bf80201037f024020000d0041002101024041002802809d808000450d0041002802809d80800010948080800021010b024041002802f89d808000450d0041002802f89d80800010948080800020017221010b02401095808080002802002200450d000340024020002802142000280218460d00200041004100200028022011808080800080808080001a0240024020002802140d00417f21020c010b02402000280204220220002802082203460d002000200220036bac4101200028022411818080800080808080001a0b410021022000410036021820004200370310200042003702040b200220017221010b200028023422000d000b0b10968080800020010f0b024020002802142000280218460d00200041004100200028022011808080800080808080001a20002802140d00417f0f0b02402000280204220120002802082202460d002000200120026bac4101200028022411818080800080808080001a0b20004100360218200042003703102000420037020441000b080041f8a18080000b02000b3b01017f23808080800041106b22022480808080002002200136020c41909c8080002000200110af808080002101200241106a24808080800020010b0f00200010868080800041ffff03710b11002000200110878080800041ffff03710b1500200020012002200310888080800041ffff03710b1500200020012002200310898080800041ffff03710b02000b2700109c808080000240200010988080800022000d0041000f0b410020003602f4a1808000417f0b0d002000280238109d808080000b7101027f23808080800041106b2203248080808000417f2104024002402002417f4a0d004100411c3602f4a18080000c010b02402000200120022003410c6a109b808080002202450d00410020023602f4a1808000417f21040c010b200328020c21040b200341106a24808080800020040bbb0201077f23808080800041106b22032480808080002003200236020c200320013602082003200028021822013602002003200028021420016b22043602044102210502400240200028023820034102109f808080002201200420026a2206460d0020032104034002402001417f4a0d004100210120004100360218200042003703102000200028020041207236020020054102460d03200220042802046b21010c030b20042001200428020422074b22084103746a2209200928020020012007410020081b6b22076a3602002004410c410420081b6a2204200428020020076b36020020092104200620016b220620002802382009200520086b2205109f808080002201470d000b0b2000200028022822013602182000200136021420002001200028022c6a360210200221010b200341106a24808080800020010b6601027f23808080800041206b2201248080808000024002402000200141086a10998080800022000d00413b210020012d00084102470d0020012d00104124710d00410121020c010b41002102410020003602f4a18080000b200141206a24808080800020020b3b002000418180808000360220024020002d000041c000710d00200028023810a1808080000d002000417f3602400b20002001200210a0808080000b6401017f23808080800041106b22032480808080000240024020002001200241ff0171200341086a109a808080002202450d00410041c6002002200241cc00461b3602f4a1808000427f21010c010b200329030821010b200341106a24808080800020010b110020002802382001200210a3808080000b5c01017f2000200028023c2201417f6a20017236023c024020002802002201410871450d0020002001412072360200417f0f0b200042003702042000200028022822013602182000200136021420002001200028022c6a36021041000bf40101047f02400240200228021022030d0041002104200210a5808080000d01200228021021030b02402003200228021422056b20014f0d00200220002001200228022011808080800080808080000f0b41002106024020022802404100480d002001450d00200020016a21044100210302400340200420036a417f6a2d0000410a460d0120012003417f6a22036a0d000b410021060c010b20022000200120036a22062002280220118080808000808080800022042006490d01200620006a2100410020036b2101200228021421050b20052000200110b4808080001a2002200228021420016a360214200620016a21040b20040ba80201057f200220016c210402400240200328021022050d0041002106200310a5808080000d01200328021021050b02402005200328021422076b20044f0d002003200020042003280220118080808000808080800021060c010b410021080240024020040d00200421050c010b410021050240200328024041004e0d00200421050c010b200020046a210602400340200620056a417f6a2d0000410a460d0120042005417f6a22056a0d000b41002108200421050c010b20032000200420056a22082003280220118080808000808080800022062008490d01200820006a2100410020056b2105200328021421070b20072000200510b4808080001a2003200328021420056a360214200820056a21060b024020062004470d002002410020011b0f0b200620016e0b040020000b0c002000200110a8808080000b5501017f024041002802a0aa80800022010d004188aa808000210141004188aa8080003602a0aa8080000b41002000200041cc004b1b4101744190978080006a2f010041808b8080006a200128021410a9808080000bd90201017f4101210302402000450d000240200141ff004b0d00200020013a000041010f0b024041002802a0aa80800022030d004188aa808000210341004188aa8080003602a0aa8080000b0240024020032802000d000240200141807f714180bf03460d00410041193602f4a18080000c020b200020013a000041010f0b0240200141ff0f4b0d0020002001413f71418001723a00012000200141067641c001723a000041020f0b0240024020014180b003490d002001418040714180c003470d010b20002001413f71418001723a000220002001410c7641e001723a000020002001410676413f71418001723a000141030f0b024020014180807c6a41ffff3f4b0d0020002001413f71418001723a00032000200141127641f001723a000020002001410676413f71418001723a000220002001410c76413f71418001723a000141040f0b410041193602f4a18080000b417f21030b20030b1800024020000d0041000f0b20002001410010ab808080000b8f0102017e017f02402000bd2202423488a741ff0f71220341ff0f460d00024020030d0002402000440000000000000000620d002001410036020020000f0b200044000000000000f043a2200110ad8080800021002001200128020041406a36020020000f0b200120034182786a360200200242ffffffffffffff87807f834280808080808080f03f84bf21000b20000b2401017f200010b6808080002102417f41002002200041012002200110a780808000471b0b900301037f23808080800041d0016b2203248080808000200320023602cc01200341a0016a41206a4200370300200341b8016a4200370300200341b0016a4200370300200342003703a801200342003703a001200320023602c8010240024041002001200341c8016a200341d0006a200341a0016a10b08080800041004e0d00417f21000c010b200028020021040240200028023c41004a0d0020002004415f713602000b0240024002400240200028022c0d00200041d00036022c200041003602182000420037031020002802282105200020033602280c010b4100210520002802100d010b417f2102200010a5808080000d010b20002001200341c8016a200341d0006a200341a0016a10b08080800021020b2004412071210102402005450d00200041004100200028022011808080800080808080001a2000410036022c200020053602282000410036021820002802142105200042003703102002417f20051b21020b200020002802002205200172360200417f200220054120711b21000b200341d0016a24808080800020000b8b46071a7f027e017c057f017e027f017c23808080800041f0066b2205248080808000200341807d6a2106200541c4006a410c6a2107200541f0006a417c6a2108200541376a2109200541c4006a410b6a210a200541d0006a417f6a210b200541d0006a410872210c200541d0006a410972210d200541c4006a410a6a210e200541386a210f4100211041002111410021120240024002400340200121132012201141ffffffff07734a0d01201220116a211102400240024002400240024002400240024020132d00002212450d00201321010340024002400240201241ff01712212450d0020124125470d0220012114200121120340024020122d00014125460d00201221010c030b201441016a211420122d00022115201241026a2201211220154125460d000c020b0b200121140b201420136b2212201141ffffffff077322144a0d0c02402000450d0020002d00004120710d0020132012200010a6808080001a0b20120d0b200141016a2112417f2116024020012c0001221741506a221541094b0d0020012d00024124470d00200141036a211220012c0003211741012110201521160b410021180240201741606a2201411f4b0d00410120017422014189d10471450d00201241016a211541002118034020012018722118201522122c0000221741606a220141204f0d01201241016a2115410120017422014189d104710d000b0b02402017412a470d000240024020122c000141506a220141094b0d0020122d00024124470d00200420014102746a410a360200201241036a2101200620122c00014103746a2802002119410121100c010b20100d06201241016a2101024020000d0041002110410021190c060b20022002280200221241046a36020020122802002119410021100b2019417f4a0d04410020196b211920184180c0007221180c040b410021190240201741506a221541094d0d00201221010c040b03400240201941cc99b3e6004b0d00417f2019410a6c220120156a2015200141ffffffff07734b22171b211920122c00012115201241016a22012112201541506a2215410a490d0120170d0e0c050b20122c00012101417f2119201241016a2112200141506a2215410a490d000c0d0b0b20012d00012112200141016a21010c000b0b20000d0b024020100d00410021110c0c0b024002400240200428020422010d00410121010c010b200341086a2001200210b1808080000240200428020822010d00410221010c010b200341106a2001200210b1808080000240200428020c22010d00410321010c010b200341186a2001200210b1808080000240200428021022010d00410421010c010b200341206a2001200210b1808080000240200428021422010d00410521010c010b200341286a2001200210b1808080000240200428021822010d00410621010c010b200341306a2001200210b1808080000240200428021c22010d00410721010c010b200341386a2001200210b1808080000240200428022022010d00410821010c010b200341c0006a2001200210b180808000200428022422010d01410921010b200141027421010340200420016a2802000d03200141046a22014128470d000b410121110c0c0b200341c8006a2001200210b180808000410121110c0b0b410021120240024020012d0000412e460d00417f21174100211a0c010b024020012c00012215412a470d00024020012c000241506a221541094b0d0020012d00034124470d00200420154102746a410a36020020012c00022115200141046a2101200620154103746a2802002217417f4a211a0c020b20100d02200141026a2101024020000d00410021174100417f4a211a0c020b20022002280200221541046a36020020152802002217417f4a211a0c010b200141016a21010240201541506a221b41094d0d004101211a410021170c010b4100211c200121150340417f21170240201c41cc99b3e6004b0d00417f201c410a6c2201201b6a201b200141ffffffff07734b1b21170b4101211a20152c0001211b2017211c201541016a22012115201b41506a221b410a490d000b0b03402012211520012c0000221241857f6a4146490d01200141016a210120122015413a6c6a41ef978080006a2d00002212417f6a4108490d000b0240024002402012411b460d002012450d03024020164100480d00200420164102746a20123602002005200320164103746a2903003703380c020b024020000d00410021110c0e0b200541386a2012200210b1808080000c020b2016417f4a0d020b410021122000450d080b201841ffff7b71221c201820184180c000711b211d024002400240024002400240024002400240024002400240024002400240024002402001417f6a2c0000221241537120122012410f714103461b201220151b221e41bf7f6a0e3810120d1210101012121212121212121212120c121212120312121212121212121012080510101012051212120901040212120a1200121203120b4100211b41878980800021162005290338211f0c050b410021120240024002400240024002400240201541ff01710e0800010203041d05061d0b200528023820113602000c1c0b200528023820113602000c1b0b20052802382011ac3703000c1a0b200528023820113b01000c190b200528023820113a00000c180b200528023820113602000c170b20052802382011ac3703000c160b20174108201741084b1b2117201d410872211d41f800211e0b4100211b418789808000211602402005290338221f50450d00200f21130c040b201e4120712115200f211303402013417f6a2213201fa7410f7141809c8080006a2d00002015723a0000201f420f562112201f420488211f20120d000b201d410871450d03201e4104754187898080006a21164102211b0c030b200f211302402005290338221f500d00200f211303402013417f6a2213201fa74107714130723a0000201f4207562112201f420388211f20120d000b0b4100211b4187898080002116201d410871450d022017200f20136b221241016a201720124a1b21170c020b02402005290338221f427f550d0020054200201f7d221f3703384101211b41878980800021160c010b0240201d41801071450d004101211b41888980800021160c010b418989808000418789808000201d410171221b1b21160b02400240201f4280808080105a0d00201f2120200f21130c010b200f211303402013417f6a2213201f201f420a802220420a7e7da74130723a0000201f42ffffffff9f015621122020211f20120d000b0b2020500d002020a7211203402013417f6a221320122012410a6e2215410a6c6b4130723a0000201241094b21182015211220180d000b0b201a2017410048710d11201d41ffff7b71201d201a1b211c02402005290338221f4200520d004100211820170d00200f2113200f21120c0c0b2017200f20136b201f506a2212201720124a1b2118200f21120c0b0b200520052903383c00374100211b41878980800021164101211820092113200f21120c0a0b41002802f4a180800010aa8080800021130c010b2005280238221241b68980800020121b21130b20132013201741ffffffff07201741ffffffff07491b10b88080800022186a21124100211b41878980800021162017417f4a0d0720122d0000450d070c0d0b2005280238211320170d01410021120c020b2005410036020c200520052903383e02082005200541086a360238200541086a2113417f21170b41002112201321140240034020142802002215450d01200541046a201510ac8080800022154100480d0d2015201720126b4b0d01201441046a2114201520126a22122017490d000b0b20124100480d0a0b0240201d4180c0047122180d00201920124c0d00200541f0006a4120201920126b221441800220144180024922151b10b5808080001a024020150d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d00200541f0006a2014200010a6808080001a0b02402012450d0041002114034020132802002215450d01200541046a201510ac80808000221520146a221420124b0d01024020002d00004120710d00200541046a2015200010a6808080001a0b201341046a211320142012490d000b0b024020184180c000470d00201920124c0d00200541f0006a4120201920126b221441800220144180024922151b10b5808080001a024020150d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d00200541f0006a2014200010a6808080001a0b20192012201920124a1b21120c080b201a20174100482212710d0820052b033821212005410036026c024002402021bd427f550d0020219a2121410121224100212341918980800021240c010b0240201d41801071450d00410121224100212341948980800021240c010b419789808000419289808000201d41017122221b212420224521230b0240202144000000000000f07f630d00202241036a21140240201d4180c000710d00201920144c0d00200541f0046a4120201920146b221241800220124180024922151b10b5808080001a024020150d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b0240200028020022124120710d0020242022200010a6808080001a200028020021120b024020124120710d0041a48980800041ac89808000201e41207122121b41a88980800041b08980800020121b20212021621b4103200010a6808080001a0b0240201d4180c004714180c000470d00201920144c0d00200541f0046a4120201920146b221241800220124180024922151b10b5808080001a024020150d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b20142019201420194a1b21120c080b0240024002402021200541ec006a10ad8080800022212021a02221440000000000000000610d002005200528026c2214417f6a36026c201e412072222541e100470d010c080b201e412072222541e100460d074106201720121b211a200528026c21130c010b2005201441636a221336026c4106201720121b211a202144000000000000b041a221210b200541f0006a410041a002201341004822261b6a22162114034002400240202144000000000000f0416320214400000000000000006671450d002021ab21120c010b410021120b20142012360200201441046a211420212012b8a1440000000065cdcd41a22221440000000000000000620d000b02400240201341014e0d0020142112201621150c010b2016211503402013411d2013411d491b211302402014417c6a22122015490d002013ad21274200211f034020122012350200202786201f42ffffffff0f837c22202020428094ebdc0380221f428094ebdc037e7d3e02002012417c6a221220154f0d000b2020428094ebdc03540d002015417c6a2215201f3e02000b024003402014221220154d0d012012417c6a2214280200450d000b0b2005200528026c20136b221336026c20122114201341004a0d000b0b02402013417f4a0d00201a41196a41096e41016a2128202541e6004621290340410020136b2214410920144109491b21170240024020152012490d0020152802004541027421140c010b418094ebdc03201776211c417f201774417f73211b4100211320152114034020142014280200221820177620136a3602002018201b71201c6c2113201441046a22142012490d000b20152802004541027421142013450d0020122013360200201241046a21120b2005200528026c20176a221336026c2016201520146a221520291b221420284102746a2012201220146b41027520284a1b211220134100480d000b0b410021180240201520124f0d00201620156b41027541096c211820152802002213410a490d00410a21140340201841016a211820132014410a6c22144f0d000b0b0240201a41002018202541e600461b6b201a410047202541e70046221b716b2214201220166b41027541096c41776a4e0d00200541f0006a41846041a46220261b22256a20144180c8006a221341096d221741027422266a211c410a211402402013201741096c6b221741074a0d00410820176b22284107712113410a211402402017417f6a4107490d0020284178712117410a2114034020144180c2d72f6c2114201741786a22170d000b0b2013450d0003402014410a6c21142013417f6a22130d000b0b201c41046a212802400240201c2802002213201320146e222920146c6b22170d0020282012460d010b0240024020294101710d0044000000000000404321212014418094ebdc03470d01201c20154d0d01201c417c6a2d0000410171450d010b44010000000000404321210b44000000000000e03f44000000000000f03f44000000000000f83f20282012461b44000000000000f83f201720144101762228461b20172028491b212a024020230d0020242d0000412d470d00202a9a212a20219a21210b201c201320176b22133602002021202aa02021610d00201c201320146a221436020002402014418094ebdc03490d002008202520266a6a21140340201441046a41003602000240201420154f0d002015417c6a221541003602000b2014201428020041016a22133602002014417c6a2114201341ff93ebdc034b0d000b201441046a211c0b201620156b41027541096c211820152802002213410a490d00410a21140340201841016a211820132014410a6c22144f0d000b0b201c41046a22142012201220144b1b21120b201220166b211402400340201421132012221c20154d22170d012013417c6a2114201c417c6a2212280200450d000b0b02400240201b0d00201d41087121280c010b2018417f73417f201a4101201a1b221220184a2018417b4a7122141b20126a211a417f417e20141b201e6a211e201d41087122280d0041772112024020170d00201c417c6a2802002217450d00410021122017410a700d00410a21144100211203402012417f6a211220172014410a6c221470450d000b0b201341027541096c21140240201e415f7141c600470d0041002128201a201420126a41776a22124100201241004a1b2212201a2012481b211a0c010b41002128201a201820146a20126a41776a22124100201241004a1b2212201a2012481b211a0b201a41fdffffff0741feffffff07201a20287222251b4a0d08201a20254100476a41016a212902400240201e415f7141c6004722260d002018202941ffffffff07734a0d0a20184100201841004a1b21120c010b0240024020180d0020072113200721140c010b20182018411f7522127320126b2112200721132007211403402014417f6a221420122012410a6e2217410a6c6b4130723a00002013417f6a2113201241094b211b20172112201b0d000b0b0240200720136b41014a0d002014200e20136b6a221441302013200541c4006a6b41766a10b5808080001a0b2014417e6a2223201e3a00002014417f6a412d412b20184100481b3a0000200720236b2212202941ffffffff07734a0d090b201220296a2212202241ffffffff07734a0d08201220226a211b0240201d4180c00471221d0d002019201b4c0d00200541f0046a41202019201b6b221241800220124180024922141b10b5808080001a024020140d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b024020002d00004120710d0020242022200010a6808080001a0b0240201d41808004470d002019201b4c0d00200541f0046a41302019201b6b221241800220124180024922141b10b5808080001a024020140d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b20260d0320162015201520164b1b221821170340024002400240024020172802002212450d00410821140340200541d0006a20146a20122012410a6e2215410a6c6b4130723a00002014417f6a2114201241094b21132015211220130d000b201441016a2215200541d0006a6a2112024020172018460d00201441026a4102480d040c030b20144108470d030c010b4109211520172018470d010b200541303a0058200c21120c010b200541d0006a200b20156a2212200541d0006a2012491b221241302015200541d0006a6a20126b10b5808080001a0b024020002d00004120710d002012200d20126b200010a6808080001a0b201741046a221720164d0d000b02402025450d0020002d00004120710d0041b4898080004101200010a6808080001a0b02400240201a41014e0d00201a21120c010b02402017201c490d00201a21120c010b0340024002400240201728020022120d00200d2114200d21150c010b200d2115200d211403402014417f6a221420122012410a6e2213410a6c6b4130723a00002015417f6a2115201241094b21182013211220180d000b2014200541d0006a4d0d010b2014200541d0006a6a20156b221441302015200541d0006a6b10b5808080001a0b024020002d00004120710d002014201a4109201a4109481b200010a6808080001a0b201a41776a2112201741046a2217201c4f0d01201a41094a21142012211a20140d000b0b20004130201241096a4109410010b2808080000c040b4100411c3602f4a18080000c080b4100211b4187898080002116200f2112201d211c201721180b2018201220136b2217201820174a1b221a201b41ffffffff07734a0d052019201b201a6a2215201920154a1b221220144a0d050240201c4180c00471221c0d00201920154c0d00200541f0006a4120201220156b2214418002201441800249221d1b10b5808080001a0240201d0d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d00200541f0006a2014200010a6808080001a0b024020002d00004120710d002016201b200010a6808080001a0b0240201c41808004470d00201920154c0d00200541f0006a4130201220156b2214418002201441800249221b1b10b5808080001a0240201b0d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d00200541f0006a2014200010a6808080001a0b0240201820174c0d00200541f0006a4130201a20176b221441800220144180024922181b10b5808080001a024020180d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d00200541f0006a2014200010a6808080001a0b024020002d00004120710d0020132017200010a6808080001a0b201c4180c000470d04201920154c0d04200541f0006a4120201220156b221441800220144180024922151b10b5808080001a024020150d000340024020002d00004120710d00200541f0006a418002200010a6808080001a0b201441807e6a221441ff014b0d000b0b20002d00004120710d04200541f0006a2014200010a6808080001a0c040b0240201a4100480d00201c201541046a201c20154b1b211c2015211703400240024020172802002212450d00200d211403402014417f6a221420122012410a6e2213410a6c6b4130723a00002012410a492118201321122018450d000c020b0b200541303a0058200c21140b0240024020172015460d002014200541d0006a4d0d01200541d0006a41302014200541d0006a6b10b5808080001a200541d0006a21140c010b024020002d00004120710d0020144101200010a6808080001a0b201441016a2114024020280d00201a4101480d010b20002d00004120710d0041b4898080004101200010a6808080001a0b200d20146b2112024020002d00004120710d0020142012201a2012201a481b200010a6808080001a0b201a20126b211a201741046a2217201c4f0d01201a417f4a0d000b0b20004130201a41126a4112410010b28080800020002d00004120710d002023200720236b200010a6808080001a0b201d4180c000470d012019201b4c0d01200541f0046a41202019201b6b221241800220124180024922141b10b5808080001a024020140d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d01200541f0046a2012200010a6808080001a0c010b2024201e411a74411f754109716a211602402017410b4b0d0002400240410c20176b221241077122140d00440000000000003040212a0c010b201741746a2112440000000000003040212a0340201241016a2112202a440000000000003040a2212a2014417f6a22140d000b410020126b21120b02402017417b6a4107490d000340202a440000000000003040a2440000000000003040a2440000000000003040a2440000000000003040a2440000000000003040a2440000000000003040a2440000000000003040a2440000000000003040a2212a201241786a22120d000b0b024020162d0000412d470d00202a20219a202aa1a09a21210c010b2021202aa0202aa121210b02400240200528026c2218450d0020182018411f7522127320126b21122007211403402014417f6a221420122012410a6e2215410a6c6b4130723a00002012410a492113201521122013450d000c020b0b200541303a004f200a21140b2022410272211c201e41207121152014417e6a221a201e410f6a3a00002014417f6a412d412b20184100481b3a0000201d4108712113200541d0006a21140340201421120240024020219944000000000000e04163450d002021aa21140c010b41808080807821140b2012201441809c8080006a2d00002015723a000020212014b7a1440000000000003040a221210240201241016a2214200541d0006a6b4101470d00024020130d00201741004a0d002021440000000000000000610d010b2012412e3a0001201241026a21140b2021440000000000000000620d000b41fdffffff072007201a6b2218201c6a22126b2017480d02201741026a2014200541d0006a6b22142014417e6a2017481b201420171b221320126a211b0240201d4180c0047122150d002019201b4c0d00200541f0046a41202019201b6b221241800220124180024922171b10b5808080001a024020170d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b024020002d00004120710d002016201c200010a6808080001a0b0240201541808004470d002019201b4c0d00200541f0046a41302019201b6b221241800220124180024922171b10b5808080001a024020170d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b024020002d00004120710d00200541d0006a2014200010a6808080001a0b0240201320146b22124101480d00200541f0046a4130201241800220124180024922141b10b5808080001a024020140d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b024020002d00004120710d00201a2018200010a6808080001a0b20154180c000470d002019201b4c0d00200541f0046a41202019201b6b221241800220124180024922141b10b5808080001a024020140d000340024020002d00004120710d00200541f0046a418002200010a6808080001a0b201241807e6a221241ff014b0d000b0b20002d00004120710d00200541f0046a2012200010a6808080001a0b201b2019201b20194a1b221241004e0d000b0b4100413d3602f4a18080000b417f21110b200541f0066a24808080800020110bb304000240024002400240024002400240024002400240024002400240024002400240024002400240200141776a0e1211000104020305060708090a0b0c0d0e0f10120b20022002280200220141046a360200200020013402003703000f0b20022002280200220141046a360200200020013502003703000f0b20022002280200220141046a360200200020013402003703000f0b20022002280200220141046a360200200020013502003703000f0b2002200228020041076a417871220141086a360200200020012903003703000f0b20022002280200220141046a360200200020013201003703000f0b20022002280200220141046a360200200020013301003703000f0b20022002280200220141046a360200200020013000003703000f0b20022002280200220141046a360200200020013100003703000f0b2002200228020041076a417871220141086a360200200020012903003703000f0b20022002280200220141046a360200200020013502003703000f0b2002200228020041076a417871220141086a360200200020012903003703000f0b2002200228020041076a417871220141086a360200200020012903003703000f0b20022002280200220141046a360200200020013402003703000f0b20022002280200220141046a360200200020013502003703000f0b2002200228020041076a417871220141086a360200200020012b03003903000f0b10b380808000000b20022002280200220141046a360200200020012802003602000b0b9e0101017f2380808080004180026b22052480808080000240200220034c0d0020044180c004710d0020052001200220036b220341800220034180024922041b10b5808080002102024020040d000340024020002d00004120710d002002418002200010a6808080001a0b200341807e6a220341ff014b0d000b0b20002d00004120710d0020022003200010a6808080001a0b20054180026a2480808080000b1c0041f78980800041889d80800010ae808080001a109280808000000bee0701047f024002400240200241204b0d002001410371450d012002450d01200020012d00003a00002002417f6a2103200041016a2104200141016a2205410371450d022003450d02200020012d00013a00012002417e6a2103200041026a2104200141026a2205410371450d022003450d02200020012d00023a00022002417d6a2103200041036a2104200141036a2205410371450d022003450d02200020012d00033a00032002417c6a2103200041046a2104200141046a21050c020b200020012002fc0a000020000f0b2002210320002104200121050b02400240200441037122020d0002400240200341104f0d00200321020c010b0240200341706a22024110710d002004200529020037020020042005290208370208200441106a2104200541106a2105200221030b20024110490d0020032102034020042005290200370200200420052902083702082004200529021037021020042005290218370218200441206a2104200541206a2105200241606a2202410f4b0d000b0b024020024108490d0020042005290200370200200541086a2105200441086a21040b02402002410471450d0020042005280200360200200541046a2105200441046a21040b02402002410271450d00200420052f00003b0000200441026a2104200541026a21050b2002410171450d01200420052d00003a000020000f0b0240024002400240024020034120490d002004200528020022033a0000024002402002417f6a0e03030001030b200420034108763a00012004200541066a29010037020620042005280204411074200341107672360202200441126a2102200541126a2101410e21062005410e6a2801002105410e21030c030b2004200541056a29000037020520042005280204411874200341087672360201200441116a2102200541116a2101410d21062005410d6a2800002105410f21030c020b02400240200341104f0d0020042102200521010c010b200420052d00003a00002004200528000136000120042005290005370005200420052f000d3b000d200420052d000f3a000f200441106a2102200541106a21010b20034108710d020c030b200420034110763a0002200420034108763a00012004200541076a29000037020720042005280204410874200341187672360203200441136a2102200541136a2101410f21062005410f6a2800002105410d21030b200420066a20053602000b20022001290000370000200241086a2102200141086a21010b02402003410471450d0020022001280000360000200241046a2102200141046a21010b02402003410271450d00200220012f00003b0000200241026a2102200141026a21010b2003410171450d00200220012d00003a00000b20000b880302037f017e024020024121490d00200020012002fc0b0020000f0b02402002450d00200020013a0000200020026a2203417f6a20013a000020024103490d00200020013a0002200020013a00012003417d6a20013a00002003417e6a20013a000020024107490d00200020013a00032003417c6a20013a000020024109490d002000410020006b41037122046a2205200141ff017141818284086c22033602002005200220046b413c7122016a2202417c6a200336020020014109490d002005200336020820052003360204200241786a2003360200200241746a200336020020014119490d002005200336021820052003360214200520033602102005200336020c200241706a20033602002002416c6a2003360200200241686a2003360200200241646a20033602002001200541047141187222026b22014120490d002003ad4281808080107e2106200520026a2102034020022006370318200220063703102002200637030820022006370300200241206a2102200141606a2201411f4b0d000b0b20000bcf0101037f20002101024002402000410371450d00024020002d00000d00200020006b0f0b200041016a2201410371450d0020012d0000450d01200041026a2201410371450d0020012d0000450d01200041036a2201410371450d0020012d0000450d01200041046a22014103710d010b2001417c6a21022001417b6a21010340200141046a21014180828408200241046a220228020022036b20037241808182847871418081828478460d000b0340200141016a210120022d00002103200241016a210220030d000b0b200120006b0bf60201037f2002410047210302400240024002402000410371450d002002450d00024020002d0000200141ff0171470d0020002104200221050c030b2002417f6a22054100472103200041016a2204410371450d012005450d0120042d0000200141ff0171460d022002417e6a22054100472103200041026a2204410371450d012005450d0120042d0000200141ff0171460d022002417d6a22054100472103200041036a2204410371450d012005450d0120042d0000200141ff0171460d02200041046a21042002417c6a220541004721030c010b20022105200021040b2003450d01024020042d0000200141ff0171460d0020054104490d00200141ff017141818284086c210003404180828408200428020020007322026b20027241808182847871418081828478470d02200441046a21042005417c6a220541034b0d000b0b2005450d010b200141ff017121020340024020042d00002002470d0020040f0b200441016a21042005417f6a22050d000b0b41000b1a01017f20004100200110b780808000220220006b200120021b0b0b8b1602004180080b90147b22746f6f6c73223a5b7b226e616d65223a226563686f222c226465736372697074696f6e223a2253617973206974206261636b2e222c22696e707574536368656d61223a7b2274797065223a226f626a656374222c2270726f70657274696573223a7b2274657874223a7b2274797065223a22737472696e67227d7d7d7d5d7d00227d5d7d002d2b20202030583078002d30582b30582030582d30782b3078203078006e616e00696e66004e414e00494e46002e00286e756c6c29007b22636f6e74656e74223a5b7b2274797065223a2274657874222c2274657874223a220063616c6c656420776974682025642062797465730a00537570706f727420666f7220666f726d617474696e67206c6f6e6720646f75626c652076616c7565732069732063757272656e746c792064697361626c65642e0a546f20656e61626c652069742c20616464202d6c632d7072696e747363616e2d6c6f6e672d646f75626c6520746f20746865206c696e6b20636f6d6d616e642e0a000000100e00005375636365737300496c6c6567616c20627974652073657175656e636500446f6d61696e206572726f7200526573756c74206e6f7420726570726573656e7461626c65004e6f74206120747479005065726d697373696f6e2064656e696564004f7065726174696f6e206e6f74207065726d6974746564004e6f20737563682066696c65206f72206469726563746f7279004e6f20737563682070726f636573730046696c65206578697374730056616c756520746f6f206c6172676520666f7220646174612074797065004e6f207370616365206c656674206f6e20646576696365004f7574206f66206d656d6f7279005265736f75726365206275737900496e7465727275707465642073797374656d2063616c6c005265736f757263652074656d706f726172696c7920756e617661696c61626c6500496e76616c6964207365656b0043726f73732d646576696365206c696e6b00526561642d6f6e6c792066696c652073797374656d004469726563746f7279206e6f7420656d70747900436f6e6e656374696f6e2072657365742062792070656572004f7065726174696f6e2074696d6564206f757400436f6e6e656374696f6e207265667573656400486f737420697320756e726561636861626c65004164647265737320696e207573650042726f6b656e207069706500492f4f206572726f72004e6f207375636820646576696365206f722061646472657373004e6f207375636820646576696365004e6f742061206469726563746f72790049732061206469726563746f727900546578742066696c652062757379004578656320666f726d6174206572726f7200496e76616c696420617267756d656e7400417267756d656e74206c69737420746f6f206c6f6e670053796d626f6c6963206c696e6b206c6f6f700046696c656e616d6520746f6f206c6f6e6700546f6f206d616e79206f70656e2066696c657320696e2073797374656d004e6f2066696c652064657363726970746f727320617661696c61626c65004261642066696c652064657363726970746f72004e6f206368696c642070726f636573730042616420616464726573730046696c6520746f6f206c6172676500546f6f206d616e79206c696e6b73004e6f206c6f636b7320617661696c61626c65005265736f7572636520646561646c6f636b20776f756c64206f63637572005374617465206e6f74207265636f76657261626c650050726576696f7573206f776e65722064696564004f7065726174696f6e2063616e63656c65640046756e6374696f6e206e6f7420696d706c656d656e746564004e6f206d657373616765206f6620646573697265642074797065004964656e7469666965722072656d6f766564004c696e6b20686173206265656e20736576657265640050726f746f636f6c206572726f7200426164206d657373616765004e6f74206120736f636b65740044657374696e6174696f6e2061646472657373207265717569726564004d65737361676520746f6f206c617267650050726f746f636f6c2077726f6e67207479706520666f7220736f636b65740050726f746f636f6c206e6f7420617661696c61626c650050726f746f636f6c206e6f7420737570706f72746564004e6f7420737570706f7274656400416464726573732066616d696c79206e6f7420737570706f727465642062792070726f746f636f6c0041646472657373206e6f7420617661696c61626c65004e6574776f726b20697320646f776e004e6574776f726b20756e726561636861626c6500436f6e6e656374696f6e207265736574206279206e6574776f726b00436f6e6e656374696f6e2061626f72746564004e6f2062756666657220737061636520617661696c61626c6500536f636b657420697320636f6e6e656374656400536f636b6574206e6f7420636f6e6e6563746564004f7065726174696f6e20616c726561647920696e2070726f6772657373004f7065726174696f6e20696e2070726f6772657373005374616c652066696c652068616e646c650051756f7461206578636565646564004d756c7469686f7020617474656d70746564004361706162696c697469657320696e73756666696369656e7400000075024e00d601e204b90418018e05ed021604f200970301033805af0182014f032f041e00d405a20012031e03c201de030800ac0500016402f101650534028c02cf022d034c04e3059f02f8041c050805b1024b051502780052023c03f103e400c3037d04cc00aa03790524026e016d032204ab044400fb01ae0083036000e501070494045e042b00580139019200c2059b0143024601f60500000000000019000a00191919000000000500000000000009000000000b00000000000000001900110a191919030a0700011b090b18000009060b00000b000619000000191919000000000000000000000000000000000e000000000000000019000a0d191919000d00000200090e00000009000e00000e000000000000000000000000000000000000000000000000000c000000000000000000000013000000001300000000090c00000000000c00000c000000000000000000000000000000000000000000000000001000000000000000000000000f000000040f0000000009100000000000100000100000000000000000000000000000000000000000000000000012000000000000000000000011000000001100000000091200000000001200001200001a0000001a1a1a000000000000000000000000000000000000000000000000001a0000001a1a1a000000000000090000000000000000000000000000000000000000000000000000000000000000000000140000000000000000000000170000000017000000000914000000000014000014000000000000000000000000000000000000000000000000001600000000000000000000001500000000150000000009160000000000160000160000303132333435363738394142434445460041901c0bec01050000000000000000000000020000000000000000000000000000000000000003000000040000000811000000040000000000000000000001000000000000000a0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000100e000000000000050000000000000000000000020000000000000000000000000000000000000001000000040000002c1500000000000000000000000000000200000000000000ffffffff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000880e0000', '[{"name":"echo","description":"Says it back.","inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}]', '2026-11-27 07:52:43.179+00', '{echo}', 'compiled');
INSERT INTO public.servlet_version VALUES ('b66f7b86-7a30-4141-839c-a191310205ca', 1, '2e9a7f8d7f65cabb3894a99d282c22b1d876c606e783a2169883da83f702b058', '2026-11-27 07:52:43.193+00', NULL, 1);
INSERT INTO public.session VALUES ('\x25478c8b6943d1d54da4a0537a74d4b68b32c90bda39799ca139a35ebc44bde9', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', 'bootstrap', '2026-11-27 07:51:33.396918+00', NULL, '726a8c83-c72e-4819-905f-e244075b0962', NULL, '2026-11-27 07:51:58.289258+00', NULL, NULL, NULL, NULL);
INSERT INTO public.signing_key VALUES ('trigger-address', '\x01630dcd296b4d09bcd1766bc613fc8a174aa764bb1b34305d5a0b7d5c71d5e6d95f7c9ac8301980fe075a39d844fc757c831b16f2dd596c9264abeca11f369f2a');
INSERT INTO public.start_link VALUES ('\xacac86c0e609ca906f632b0e2dacccb2b77d22b0621f20ebece1a4835b93f6f0', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.task VALUES ('7a7d7377-0e45-4d61-88c8-64fdf9161357', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'digest', 'openai', '{"prompt":"Say {{ what }}","model":"m","base_url":"http://127.0.0.1:15900/v1"}', '{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[{"url":"http://127.0.0.1:15900/hook/digest","events":["run.ready","run.error"],"include":["output"]}]}', '\x01630dcd29ea0264c1e88ed9381628fb050e4f9dbff591cb8f825c098853e39bb98b01105230734f214dbc354d6a7f583276ee50d2de0e51', '…1234', true, '2026-11-27 07:52:07.382+00', '2026-11-27 07:52:07.382+00', NULL, DEFAULT, NULL, NULL, 'http://127.0.0.1:15900/v1');
INSERT INTO public.task VALUES ('bf5d85f5-e62c-478c-bbe7-2f422f9cfb31', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'tooled', 'openai', '{"prompt":"Use a tool","model":"m","base_url":"http://127.0.0.1:15900/v1"}', '{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}', '\x01630dcd29dbca1998d428b84046bd9830c4e0b7e9d3d8d91d063373e926f353b816c1045923c49dd678eb91d35f347f09bcc03ca10b5c7b', '…1234', true, '2026-11-27 07:52:09.055+00', '2026-11-27 07:52:09.055+00', NULL, DEFAULT, NULL, NULL, 'http://127.0.0.1:15900/v1');
INSERT INTO public.task VALUES ('b3c1526c-c576-42a7-82e9-d603dc444cb8', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'slow', 'openai', '{"prompt":"Now wait 600","model":"m","base_url":"http://127.0.0.1:15900/v1"}', '{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}', '\x01630dcd291264cf98ebf3ab70599212d93a7c27588c7aadc5f9b28534817f00f0c2eb2e3f4568e3a72b4ea0afa65ac77792f3df391b7a51', '…1234', true, '2026-11-27 07:52:10.525+00', '2026-11-27 07:52:10.525+00', NULL, DEFAULT, NULL, NULL, 'http://127.0.0.1:15900/v1');
INSERT INTO public.task VALUES ('77ca412c-7f3e-4a5c-8ae4-41abdc4d6151', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'gone', 'openai', '{"prompt":"Hello","model":"m","base_url":"http://127.0.0.1:15900/v1"}', '{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}', '\x01630dcd29f4831b129f4b9f6d3a3ccfdf3175793d15d94652b309468bf4ac4ce68f60f4097fbe9d33a3963383f578b18d438e92de2b5d99', '…1234', true, '2026-11-27 07:52:11.551+00', '2026-11-27 07:52:11.551+00', NULL, DEFAULT, NULL, NULL, 'http://127.0.0.1:15900/v1');
INSERT INTO public.task VALUES ('a3e2c293-3517-430d-8fcb-72270ca0b2cb', 'bca8b3f0-7ce0-4857-8371-17806516677c', 'shared', 'openai', '{"prompt":"Hello"}', '{"timeout":"PT10M","max_steps":20,"max_tokens":200000,"max_cost_usd":0.5,"max_tool_calls":50,"max_attempts":3,"concurrency":4,"overlap":"queue","callbacks":[]}', NULL, NULL, true, '2026-11-27 07:52:42.05+00', '2026-11-27 07:52:42.05+00', NULL, DEFAULT, NULL, '985f1c9e-45d6-40a0-8748-ea6973f7b2ae', NULL);
INSERT INTO public.task_callback VALUES ('82891a06-8360-4421-8bf5-2043f6b17b5a', '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'http://127.0.0.1:15900/hook/digest', '{run.ready,run.error}', '\x01630dcd29b4d5baea103e3764fdb510e05b6ef879e5028624667db2f43d69a2662efebd1683b9b6b666b604b9ef4b19b00e933817198a6b07a59cf0d3bf64c7e098d07f44942396c52931f1fdd37be6e405e89e1e768d', '{…2W8=}', 'http://127.0.0.1:18101/', NULL, '2026-11-27 07:52:07.571+00', '2026-11-27 07:52:07.571+00', '{output}');
INSERT INTO public.task_trigger VALUES ('92081067-9458-43a8-b56f-64f9f0088039', '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'issues', 'github', '\x01630dcd298d69ede2a9e4f313b4ce572a140af13fc40b847e6969e2b59e5135784f0d205fd6071e45a7bb9cffdc4502974f2c31939733507d272b47a0d775b2a5d52b8dcdb96117edcc78fd3580109a', '{…J7HU}', 300, 600, 262144, NULL, '2026-11-27 07:52:17.492506+00', '2026-11-27 07:52:17.908+00', '2026-11-27 07:52:17.908+00', true);
INSERT INTO public.task_trigger VALUES ('2f881ead-3061-47a4-949e-829b68a451ba', '7a7d7377-0e45-4d61-88c8-64fdf9161357', 'signed', 'url', NULL, '{}', 300, 600, 262144, NULL, '2026-11-27 07:52:20.459767+00', '2026-11-27 07:52:18.709+00', '2026-11-27 07:52:18.709+00', true);
INSERT INTO public.token VALUES ('c41bc98b-323c-44c5-b4f4-98e1210083d7', '7c9eb84e-b2cf-4ba2-87f9-ecf303f11cb3', '\x7b12d794e25efa396b8cfd0c8480d5eab6dea027d6112526e1768ead577a0e0b', 'ci', '{read,run}', NULL, NULL, NULL, '2026-11-27 07:52:40.882+00', NULL, NULL);
INSERT INTO public.tool_definitions VALUES ('sha256:8f54f69b3a5dd82de994530e3a6b285661944696be5f2642e80c6a43a6c4673e', '[{"name":"calc_calculate","description":"Calculates an arithmetic expression exactly, with decimal numbers of any size: 0.1 + 0.2 is 0.3. The first line of the answer is the number; a second line says so if it was rounded.","input_schema":{"type":"object","properties":{"expression":{"type":"string","description":"The expression, such as \"(1 + 2) * 3.5 / 7\". Numbers: 12, 0.5, 1e-3, without separators. Operators: + - * / ^ (integer exponents; ** is the same; 0^0 is 1) and % (the remainder, with the sign of the dividend: -7 % 3 is -1; it is not a percentage, write 15/100). -2^2 is -4, 2^3^2 is 2^9. Functions: abs(x), floor(x), ceil(x), round(x, digits) (half to even, so round(2.5) is 2; digits is 0 if left out, negative rounds to tens), sqrt(x), and min, max and sum of one or more numbers.","maxLength":10000},"scale":{"type":"integer","description":"Round the result to at most this many digits after the point, half to even. Without it a result that ends is given in full, and one that does not, such as 1/3, to 34 digits.","minimum":0,"maximum":100}},"required":["expression"],"additionalProperties":false}},{"name":"fetch_fetch","description":"Fetches a web page or other text resource over HTTP(S) and returns its text as Markdown.","input_schema":{"type":"object","properties":{"url":{"type":"string","description":"The address to fetch, starting with http:// or https://."},"max_length":{"type":"integer","description":"How many characters to return at most.","minimum":1,"maximum":200000,"default":20000},"start_index":{"type":"integer","description":"The character to start at, to continue a text that was cut.","minimum":0,"default":0},"raw":{"type":"boolean","description":"Whether to return the body as it came instead of as Markdown.","default":false}},"required":["url"],"additionalProperties":false}},{"name":"json_query","description":"Finds values in JSON by a JSONPath (RFC 9535, without functions) and returns them as a JSON array, [] if there are none. Numbers in a JSON text keep the form in which they are written.","input_schema":{"type":"object","properties":{"json":{"description":"The JSON to look into: as a text, which keeps long numbers exact, or as a value. A string is always read as JSON text. At most 1,000,000 bytes, 64 levels deep."},"path":{"type":"string","description":"The path: $ is the whole; then .name, [''any name''], [0], [-1] (the last), [1:3] and [::2] (slices), .* or [*] (all), several in one bracket as in [''a'',0], ..name (at any depth), and filters as in $.items[?@.price < 10 && (@.tag == ''new'' || !@.sold)] with ==, !=, <, <=, >, >=, &&, || and !, where @ is the item.","maxLength":10000},"first":{"type":"boolean","description":"Return only the first value, by itself; it is an error if there is none.","default":false}},"required":["json","path"],"additionalProperties":false}},{"name":"json_reshape","description":"Builds JSON from other JSON by a template. Numbers in a JSON text keep the form in which they are written.","input_schema":{"type":"object","properties":{"json":{"description":"The JSON to take values from: as a text, which keeps long numbers exact, or as a value. A string is always read as JSON text. At most 1,000,000 bytes, 64 levels deep."},"template":{"description":"A JSON value, not a text of one. In it, a string that starts with $ is a JSONPath as for query and is replaced by what it finds: a path of only names and indices by the value, or null if there is none; any other path by the array of all values. An object {\"$for\": path, \"$each\": template} becomes the array of the template filled in for each value found, or for each item if the path leads to one array; in it, $ is the item and $root the whole JSON. A string that starts with $$ stands for the same with one $. All else is kept. For example {\"names\": {\"$for\": \"$.users\", \"$each\": {\"name\": \"$.name\", \"of\": \"$root.team\"}}}."}},"required":["json","template"],"additionalProperties":false}},{"name":"time_now","description":"Tells the current date and time. The first line of the answer is ISO 8601.","input_schema":{"type":"object","properties":{"timezone":{"type":"string","description":"An IANA time zone such as Europe/Berlin, or an offset such as +02:00.","default":"UTC"}},"additionalProperties":false}},{"name":"time_convert","description":"Tells what a time in one time zone is in another. A local time that clocks were put forward over is shifted forward by as much; of a local time that happens twice the earlier is taken; the answer says so. Zones are exact from 1970 on; for earlier times the offset at the start of 1970 is used.","input_schema":{"type":"object","properties":{"time":{"type":"string","description":"A date or a date and time in ISO 8601, such as 2024-03-31T14:30:00, with or without an offset."},"from":{"type":"string","description":"The time zone of the time, if it has no offset itself: an IANA name such as America/New_York, or an offset."},"to":{"type":"string","description":"The time zone wanted: an IANA name such as Asia/Tokyo, or an offset such as +02:00."}},"required":["time","to"],"additionalProperties":false}},{"name":"time_add","description":"Adds an ISO 8601 duration to a time, or subtracts it. Years, months, weeks and days move the date on the calendar of the time zone (a day that the month lacks becomes its last: January 31 and P1M is the end of February); hours, minutes and seconds are then exact time. Gaps and overlaps of clock changes are treated as by convert.","input_schema":{"type":"object","properties":{"time":{"type":"string","description":"A date or a date and time in ISO 8601, with or without an offset."},"duration":{"type":"string","description":"The duration, such as P1M2DT3H or PT90M; -P1D subtracts a day."},"timezone":{"type":"string","description":"The time zone in which to count, an IANA name or an offset. If left out, it is the offset of the time, or UTC if it has none."}},"required":["time","duration"],"additionalProperties":false}},{"name":"time_between","description":"Tells how long it is from one time to another: as an ISO 8601 duration of years, months, days and exact time that leads from the start to the end, and in total seconds, minutes, hours, days and weeks.","input_schema":{"type":"object","properties":{"start":{"type":"string","description":"A date or a date and time in ISO 8601, with or without an offset."},"end":{"type":"string","description":"The other time; if it is earlier, the duration is negative."},"timezone":{"type":"string","description":"The time zone in which to count and to which times without an offset belong, an IANA name or an offset. If left out, it is the offset of the start, or UTC if that has none."}},"required":["start","end"],"additionalProperties":false}}]', '2026-11-27');
INSERT INTO public.trigger_delivery OVERRIDING SYSTEM VALUE VALUES (1, '2f881ead-3061-47a4-949e-829b68a451ba', '2026-11-27 07:52:20.476503+00', '127.0.0.1', 'started', NULL, NULL, 'ccb171b3-0ac3-455a-80a0-a7522bbb7df2', 'application/json', 15, '\x01630dcd2930e8c185a2976108008b74bd8fb41e2088ecf46c88c4293b29526a6f1d7d78fba2b046984fa06f9f8b305edd8b3202c8ab3c48ecec876ac10d9a80bbd20f0497086c6938f06ec056c13686e6aac95c50dcdc58bad934ff38eb73fe8cc10553b89351cfc77aef8fed5d69', NULL);
INSERT INTO public.uninstallation VALUES ('bca8b3f0-7ce0-4857-8371-17806516677c', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.uninstallation VALUES ('634e10ec-938f-41c6-b735-281095f87a4b', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.uninstallation VALUES ('8ba8f675-4080-4916-a9aa-85678811fbd3', '2026-11-27 07:53:01.780448+00');
INSERT INTO public.usage_day VALUES ('77ca412c-7f3e-4a5c-8ae4-41abdc4d6151', '2026-11-27', 'bca8b3f0-7ce0-4857-8371-17806516677c', 1, 0, 3, 2, 0, 0, 5, 1, 0, 52, 0, NULL);
INSERT INTO public.usage_day VALUES ('bf5d85f5-e62c-478c-bbe7-2f422f9cfb31', '2026-11-27', 'bca8b3f0-7ce0-4857-8371-17806516677c', 1, 0, 6, 4, 0, 0, 10, 2, 1, 173, 196, NULL);
INSERT INTO public.usage_day VALUES ('7a7d7377-0e45-4d61-88c8-64fdf9161357', '2026-11-27', 'bca8b3f0-7ce0-4857-8371-17806516677c', 3, 0, 9, 6, 0, 0, 15, 3, 0, 445, 0, NULL);
INSERT INTO public.usage_tally VALUES ('bca8b3f0-7ce0-4857-8371-17806516677c', '7a7d7377-0e45-4d61-88c8-64fdf9161357', '2026-11-26', 'ready', '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cached_tokens":0,"reasoning_tokens":0,"steps":1,"tool_calls":0,"model_ms":336,"tool_ms":0}', NULL);
INSERT INTO public.worker_process VALUES ('09fade14-5268-401f-a6fb-faf4b7d6838e', 'old', '0.1.0', 64, 0, '2026-11-27 07:53:12.773961+00', '2026-11-27 07:53:12.773961+00');
SELECT pg_catalog.setval('public.audit_id_seq', 19, true);
SELECT pg_catalog.setval('public.run_id_seq', 7, true);
SELECT pg_catalog.setval('public.trigger_delivery_id_seq', 1, true);
ALTER TABLE public.account
    ADD CONSTRAINT account_kind CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text]))) NOT VALID;
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE public.account
    ADD CONSTRAINT account_role CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))) NOT VALID;
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_username_key UNIQUE (username);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.callback_attempt
    ADD CONSTRAINT callback_attempt_pkey PRIMARY KEY (delivery_id, number);
ALTER TABLE ONLY public.callback_delivery
    ADD CONSTRAINT callback_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_profile_id_name_key UNIQUE (profile_id, name);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.mcp_connect
    ADD CONSTRAINT mcp_connect_pkey PRIMARY KEY (state_digest);
ALTER TABLE ONLY public.mcp_credential
    ADD CONSTRAINT mcp_credential_pkey PRIMARY KEY (installation_id);
ALTER TABLE ONLY public.mcp_registration
    ADD CONSTRAINT mcp_registration_issuer_redirect_uri_key UNIQUE (issuer, redirect_uri);
ALTER TABLE ONLY public.mcp_registration
    ADD CONSTRAINT mcp_registration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mcp_server
    ADD CONSTRAINT mcp_server_pkey PRIMARY KEY (installation_id);
ALTER TABLE ONLY public.mcp_tool_set
    ADD CONSTRAINT mcp_tool_set_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.oauth_client
    ADD CONSTRAINT oauth_client_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oauth_grant
    ADD CONSTRAINT oauth_grant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oauth_token
    ADD CONSTRAINT oauth_token_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.oidc_identity
    ADD CONSTRAINT oidc_identity_pkey PRIMARY KEY (issuer, subject);
ALTER TABLE ONLY public.oidc_logout
    ADD CONSTRAINT oidc_logout_pkey PRIMARY KEY (token_id);
ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_account_id_name_key UNIQUE (account_id, name);
ALTER TABLE ONLY public.profile_alias
    ADD CONSTRAINT profile_alias_pkey PRIMARY KEY (account_id, name);
ALTER TABLE ONLY public.profile_member
    ADD CONSTRAINT profile_member_pkey PRIMARY KEY (profile_id, account_id);
ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.resealing
    ADD CONSTRAINT resealing_pkey PRIMARY KEY (id);
ALTER TABLE public.run
    ADD CONSTRAINT run_eligibility CHECK ((eligibility = ANY (ARRAY['later'::text, 'waiting'::text, 'eligible'::text]))) NOT VALID;
ALTER TABLE ONLY public.run_entry
    ADD CONSTRAINT run_entry_pkey PRIMARY KEY (run_id, seq);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_task_id_name_key UNIQUE (task_id, name);
ALTER TABLE ONLY public.run_tombstone
    ADD CONSTRAINT run_tombstone_pkey PRIMARY KEY (task_id, name);
ALTER TABLE ONLY public.schedule_fire
    ADD CONSTRAINT schedule_fire_pkey PRIMARY KEY (schedule_id, number);
ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_task_id_name_key UNIQUE (task_id, name);
ALTER TABLE ONLY public.secret_canary
    ADD CONSTRAINT secret_canary_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.servlet_code
    ADD CONSTRAINT servlet_code_pkey PRIMARY KEY (address, engine);
ALTER TABLE ONLY public.servlet_content
    ADD CONSTRAINT servlet_content_pkey PRIMARY KEY (address);
ALTER TABLE ONLY public.servlet
    ADD CONSTRAINT servlet_owner_name_key UNIQUE (owner, name);
ALTER TABLE ONLY public.servlet
    ADD CONSTRAINT servlet_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.servlet_version
    ADD CONSTRAINT servlet_version_pkey PRIMARY KEY (servlet_id, number);
ALTER TABLE ONLY public.servlet_version
    ADD CONSTRAINT servlet_version_servlet_id_address_key UNIQUE (servlet_id, address);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (purpose);
ALTER TABLE ONLY public.start_link
    ADD CONSTRAINT start_link_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.task_callback
    ADD CONSTRAINT task_callback_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.task_callback
    ADD CONSTRAINT task_callback_task_id_url_key UNIQUE (task_id, url);
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
ALTER TABLE public.task
    ADD CONSTRAINT task_provider_or_key CHECK (((provider_id IS NULL) OR ((key_sealed IS NULL) AND (key_url IS NULL) AND (deleted_at IS NULL)))) NOT VALID;
ALTER TABLE ONLY public.task_trigger
    ADD CONSTRAINT task_trigger_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.task_trigger
    ADD CONSTRAINT task_trigger_task_id_name_key UNIQUE (task_id, name);
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tool_definitions
    ADD CONSTRAINT tool_definitions_pkey PRIMARY KEY (address);
ALTER TABLE ONLY public.trigger_delivery
    ADD CONSTRAINT trigger_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.uninstallation
    ADD CONSTRAINT uninstallation_pkey PRIMARY KEY (profile_id);
ALTER TABLE ONLY public.usage_day
    ADD CONSTRAINT usage_day_pkey PRIMARY KEY (task_id, day);
ALTER TABLE ONLY public.worker_process
    ADD CONSTRAINT worker_process_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX account_name ON public.account USING btree (lower(username)) WHERE (NOT named_alike);
CREATE INDEX audit_action ON public.audit USING btree (action, at, id);
CREATE INDEX audit_actor ON public.audit USING btree (actor, at, id);
CREATE INDEX audit_at ON public.audit USING btree (at, id);
CREATE INDEX audit_object_1 ON public.audit USING btree (((string_to_array(object, '/'::text))[1:1]), at, id);
CREATE INDEX audit_object_2 ON public.audit USING btree (((string_to_array(object, '/'::text))[1:2]), at, id);
CREATE INDEX audit_object_3 ON public.audit USING btree (((string_to_array(object, '/'::text))[1:3]), at, id);
CREATE INDEX audit_object_4 ON public.audit USING btree (((string_to_array(object, '/'::text))[1:4]), at, id);
CREATE INDEX callback_delivery_due ON public.callback_delivery USING btree (due_at) WHERE (state = 'pending'::text);
CREATE INDEX callback_delivery_ended ON public.callback_delivery USING btree (ended_at) WHERE (state <> 'pending'::text);
CREATE INDEX callback_delivery_newest ON public.callback_delivery USING btree (callback_id, created_at DESC);
CREATE INDEX callback_delivery_run ON public.callback_delivery USING btree (run_id);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
CREATE INDEX installation_servlet ON public.installation USING btree (servlet_id);
CREATE INDEX installation_tools ON public.installation USING btree (tools_digest) WHERE (tools_digest IS NOT NULL);
CREATE INDEX invitation_account ON public.invitation USING btree (account_id);
CREATE INDEX mcp_connect_account ON public.mcp_connect USING btree (account_id);
CREATE INDEX mcp_connect_expiry ON public.mcp_connect USING btree (expires_at);
CREATE INDEX mcp_connect_installation ON public.mcp_connect USING btree (installation_id, expires_at);
CREATE INDEX mcp_credential_connected_by ON public.mcp_credential USING btree (connected_by) WHERE (connected_by IS NOT NULL);
CREATE INDEX mcp_credential_due ON public.mcp_credential USING btree (refresh_at) WHERE (refresh_at IS NOT NULL);
CREATE INDEX mcp_server_change ON public.mcp_server USING btree (change_digest) WHERE (change_digest IS NOT NULL);
CREATE INDEX mcp_server_due ON public.mcp_server USING btree (next_check_at);
CREATE UNIQUE INDEX oauth_client_id ON public.oauth_client USING btree (client_id);
CREATE INDEX oauth_client_kind ON public.oauth_client USING btree (kind, created_at);
CREATE INDEX oauth_grant_account ON public.oauth_grant USING btree (account_id);
CREATE INDEX oauth_grant_client ON public.oauth_grant USING btree (client_id);
CREATE UNIQUE INDEX oauth_grant_code ON public.oauth_grant USING btree (code_hash);
CREATE INDEX oauth_grant_expires ON public.oauth_grant USING btree (expires_at);
CREATE INDEX oauth_token_expires ON public.oauth_token USING btree (expires_at);
CREATE INDEX oauth_token_grant ON public.oauth_token USING btree (grant_id);
CREATE INDEX oidc_identity_account ON public.oidc_identity USING btree (account_id);
CREATE INDEX oidc_logout_expires ON public.oidc_logout USING btree (expires_at);
CREATE INDEX profile_alias_profile ON public.profile_alias USING btree (profile_id);
CREATE INDEX profile_member_account ON public.profile_member USING btree (account_id);
CREATE INDEX profile_public ON public.profile USING btree (account_id, name) WHERE is_public;
CREATE UNIQUE INDEX provider_of_account ON public.provider USING btree (account_id, name) WHERE (account_id IS NOT NULL);
CREATE UNIQUE INDEX provider_of_profile ON public.provider USING btree (profile_id, name) WHERE (profile_id IS NOT NULL);
CREATE UNIQUE INDEX run_alone ON public.run USING btree (task_id) WHERE (alone AND (status = ANY (ARRAY['pending'::text, 'running'::text])));
CREATE INDEX run_by_profile ON public.run USING btree (profile_id, ((- id)));
CREATE INDEX run_by_task_and_status ON public.run USING btree (task_id, status, ((- id)));
CREATE INDEX run_eligible ON public.run USING btree (turn, id) WHERE ((status = 'pending'::text) AND (turn > 0));
CREATE INDEX run_eligible_by_age ON public.run USING btree (profile_id, available_at, id) WHERE ((status = 'pending'::text) AND (eligibility = 'eligible'::text));
CREATE INDEX run_eligible_by_turn ON public.run USING btree (profile_id, turn) WHERE ((status = 'pending'::text) AND (turn <> 0));
CREATE INDEX run_held ON public.run USING btree (profile_id, task_id) WHERE (status = 'running'::text);
CREATE INDEX run_later ON public.run USING btree (available_at) WHERE ((status = 'pending'::text) AND (eligibility = 'later'::text));
CREATE INDEX run_queued ON public.run USING btree (profile_id, task_id, eligibility, available_at, id) WHERE (status = 'pending'::text);
CREATE INDEX run_ready_of_schedule ON public.run USING btree (task_id, split_part(name, '@'::text, 1), ((- id))) WHERE ((status = 'ready'::text) AND (POSITION(('@'::text) IN (name)) > 0));
CREATE INDEX run_tombstone_due ON public.run_tombstone USING btree (removed_at) WHERE (run_id IS NOT NULL);
CREATE INDEX schedule_due ON public.schedule USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX servlet_version_address ON public.servlet_version USING btree (address);
CREATE INDEX servlet_version_newest ON public.servlet_version USING btree (servlet_id, GREATEST(number, publication) DESC, number DESC);
CREATE INDEX session_account ON public.session USING btree (account_id);
CREATE UNIQUE INDEX session_id ON public.session USING btree (id);
CREATE INDEX session_oidc_sid ON public.session USING btree (oidc_sid) WHERE (oidc_sid IS NOT NULL);
CREATE INDEX start_link_account ON public.start_link USING btree (account_id);
CREATE UNIQUE INDEX task_name ON public.task USING btree (profile_id, name) WHERE (deleted_at IS NULL);
CREATE INDEX task_provider ON public.task USING btree (provider_id) WHERE (provider_id IS NOT NULL);
CREATE INDEX token_account ON public.token USING btree (account_id);
CREATE UNIQUE INDEX token_hash ON public.token USING btree (token_hash);
CREATE INDEX token_made_by ON public.token USING btree (made_by);
CREATE INDEX tool_definitions_used_on ON public.tool_definitions USING btree (used_on);
CREATE INDEX trigger_delivery_newest ON public.trigger_delivery USING btree (trigger_id, ((verdict = 'refused'::text)), id DESC);
CREATE INDEX usage_day_by_profile ON public.usage_day USING btree (profile_id, day);
CREATE TRIGGER audit_is_kept BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_kept();
CREATE TRIGGER credential_told AFTER UPDATE OF told ON public.mcp_credential FOR EACH ROW WHEN (((new.told IS NOT NULL) AND (new.told IS DISTINCT FROM old.told))) EXECUTE FUNCTION public.keep_credential_callbacks();
CREATE TRIGGER run_ended AFTER UPDATE OF status ON public.run FOR EACH ROW WHEN (((old.status = ANY (ARRAY['pending'::text, 'running'::text])) AND (new.status = ANY (ARRAY['ready'::text, 'error'::text])))) EXECUTE FUNCTION public.keep_callbacks();
CREATE TRIGGER run_ends AFTER UPDATE OF finished_at ON public.run FOR EACH ROW WHEN (((old.finished_at IS NULL) AND (new.finished_at IS NOT NULL))) EXECUTE FUNCTION public.run_has_ended();
CREATE TRIGGER run_goes_on BEFORE UPDATE OF finished_at ON public.run FOR EACH ROW WHEN (((old.finished_at IS NOT NULL) AND (new.finished_at IS NULL))) EXECUTE FUNCTION public.run_is_taken_up();
ALTER TABLE ONLY public.callback_attempt
    ADD CONSTRAINT callback_attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.callback_delivery(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.callback_delivery
    ADD CONSTRAINT callback_delivery_callback_id_fkey FOREIGN KEY (callback_id) REFERENCES public.task_callback(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.callback_delivery
    ADD CONSTRAINT callback_delivery_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.run(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_servlet_address_fkey FOREIGN KEY (servlet_address) REFERENCES public.servlet_content(address);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_servlet_id_fkey FOREIGN KEY (servlet_id) REFERENCES public.servlet(id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_tools_digest_fkey FOREIGN KEY (tools_digest) REFERENCES public.mcp_tool_set(digest);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mcp_connect
    ADD CONSTRAINT mcp_connect_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mcp_connect
    ADD CONSTRAINT mcp_connect_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES public.mcp_credential(installation_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mcp_credential
    ADD CONSTRAINT mcp_credential_connected_by_fkey FOREIGN KEY (connected_by) REFERENCES public.account(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.mcp_credential
    ADD CONSTRAINT mcp_credential_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES public.mcp_server(installation_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mcp_server
    ADD CONSTRAINT mcp_server_change_digest_fkey FOREIGN KEY (change_digest) REFERENCES public.mcp_tool_set(digest);
ALTER TABLE ONLY public.mcp_server
    ADD CONSTRAINT mcp_server_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES public.installation(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.oauth_grant
    ADD CONSTRAINT oauth_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.oauth_grant
    ADD CONSTRAINT oauth_grant_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.oauth_client(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.oauth_token
    ADD CONSTRAINT oauth_token_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.oauth_grant(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.oidc_identity
    ADD CONSTRAINT oidc_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.profile_alias
    ADD CONSTRAINT profile_alias_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.profile_alias
    ADD CONSTRAINT profile_alias_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.profile_member
    ADD CONSTRAINT profile_member_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.profile_member
    ADD CONSTRAINT profile_member_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.run_entry
    ADD CONSTRAINT run_entry_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.run(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id);
ALTER TABLE ONLY public.run_tombstone
    ADD CONSTRAINT run_tombstone_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.schedule_fire
    ADD CONSTRAINT schedule_fire_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES public.schedule(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.servlet_code
    ADD CONSTRAINT servlet_code_address_fkey FOREIGN KEY (address) REFERENCES public.servlet_content(address) ON DELETE CASCADE;
ALTER TABLE ONLY public.servlet_version
    ADD CONSTRAINT servlet_version_address_fkey FOREIGN KEY (address) REFERENCES public.servlet_content(address);
ALTER TABLE ONLY public.servlet_version
    ADD CONSTRAINT servlet_version_servlet_id_fkey FOREIGN KEY (servlet_id) REFERENCES public.servlet(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.start_link
    ADD CONSTRAINT start_link_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.task_callback
    ADD CONSTRAINT task_callback_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.task(id);
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.provider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.task_trigger
    ADD CONSTRAINT task_trigger_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.token(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.trigger_delivery
    ADD CONSTRAINT trigger_delivery_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES public.task_trigger(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.uninstallation
    ADD CONSTRAINT uninstallation_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.usage_day
    ADD CONSTRAINT usage_day_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profile(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.usage_day
    ADD CONSTRAINT usage_day_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
-- PostgreSQL database dump complete
