-- A member who sees what is in the profile and decides about calls. A process of the version before does not know such a role: it reads a viewer.
ALTER TABLE profile_member ADD COLUMN approves boolean NOT NULL DEFAULT false;
ALTER TABLE profile_member ADD COLUMN exact_role text NOT NULL
  GENERATED ALWAYS AS (CASE WHEN approves AND role = 'viewer' THEN 'approver' ELSE role END) STORED;
