-- A budget of which 80 % is spent, or which is used up, is told once for each of its periods, in the transaction that says so in budget_use. That of a
-- user is told in one profile of the user, the oldest with a notice that asks for it, and in one of each admin. A run's own end tells what the
-- period "run" does, and a period that is over is no news.
CREATE FUNCTION tell_budget(of_budget uuid, of_period text, kind text, spent_usd numeric, spent_tokens bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  told record;
  recipient uuid;
  data text;
BEGIN
  SELECT budget.*, coalesce(owner.username, account.username || '/' || profile.name) AS owner_name,
    (of_period::date + ('1 ' || budget.period)::interval) AT TIME ZONE 'UTC' AS resets_at,
    (SELECT id FROM task WHERE task.profile_id = budget.profile_id AND task.name = budget.task AND deleted_at IS NULL) AS task_id
  INTO told
  FROM budget LEFT JOIN account AS owner ON owner.id = budget.account_id
    LEFT JOIN profile ON profile.id = budget.profile_id LEFT JOIN account ON account.id = profile.account_id
  WHERE budget.id = of_budget AND budget.period IN ('day', 'month');
  IF NOT FOUND OR told.resets_at <= now() THEN
    RETURN;
  END IF;
  data := json_build_object('budget', told.name, 'owner', told.owner_name, 'period', told.period, 'on_exhausted', told.on_exhausted,
    'limit', json_build_object('usd', told.usd, 'tokens', told.tokens),
    'spent', json_build_object('usd', trim_scale(spent_usd), 'tokens', spent_tokens),
    'resets_at', to_char(told.resets_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text;
  IF told.profile_id IS NOT NULL THEN
    PERFORM keep_event(told.profile_id, told.task_id, NULL, NULL, kind, now(), data);
    RETURN;
  END IF;
  -- Whoever may edit a profile of an admin could read of others there, so that those are only told where no one but admins may.
  FOR recipient IN
    SELECT DISTINCT ON (profile.account_id) profile.id
    FROM profile JOIN account ON account.id = profile.account_id
    WHERE account.disabled_at IS NULL
      AND (account.id = told.account_id OR (account.role = 'admin' AND NOT EXISTS (
        SELECT FROM profile_member AS member JOIN account AS person ON person.id = member.account_id
        WHERE member.profile_id = profile.id AND member.role IN ('editor', 'owner') AND person.role <> 'admin')))
      AND EXISTS (SELECT FROM notice WHERE notice.profile_id = profile.id AND enabled AND tell_budget.kind = ANY (events))
    ORDER BY profile.account_id, profile.created_at, profile.id
  LOOP
    PERFORM keep_event(recipient, NULL, NULL, NULL, kind, now(), data);
  END LOOP;
END $$;

CREATE FUNCTION keep_budget_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.warned_at IS NULL AND NEW.warned_at IS NOT NULL THEN
    PERFORM tell_budget(NEW.budget_id, NEW.period, 'budget.warning', NEW.spent_usd, NEW.spent_tokens);
  END IF;
  IF OLD.exceeded_at IS NULL AND NEW.exceeded_at IS NOT NULL THEN
    PERFORM tell_budget(NEW.budget_id, NEW.period, 'budget.exceeded', NEW.spent_usd, NEW.spent_tokens);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_budget_events AFTER UPDATE OF warned_at, exceeded_at ON budget_use
  FOR EACH ROW WHEN ((OLD.warned_at IS NULL AND NEW.warned_at IS NOT NULL) OR (OLD.exceeded_at IS NULL AND NEW.exceeded_at IS NOT NULL))
  EXECUTE FUNCTION keep_budget_events();
