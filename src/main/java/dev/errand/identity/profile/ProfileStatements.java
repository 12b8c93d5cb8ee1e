package dev.errand.identity.profile;

/** The SQL of profiles. */
final class ProfileStatements {
  private static final String READ = "SELECT " + Profile.COLUMNS;
  private static final String OF_ACCOUNT =
      " FROM account JOIN profile ON profile.account_id = account.id ";

  static final String ROLE =
      """
      SELECT 'owner' AS role FROM profile WHERE id = :id AND account_id = :account_id
      UNION ALL
      SELECT exact_role FROM profile_member WHERE profile_id = :id AND account_id = :account_id
      """;

  static final String BY_ID = READ + OF_ACCOUNT + "WHERE profile.id = :id";

  private static final String ALL = READ + OF_ACCOUNT + "WHERE account.id = :account_id";

  /** The profiles of a user, by name. */
  static final String ALL_OWN = ALL + " ORDER BY profile.name";

  /** A profile of a user. */
  static final String OWN = ALL + " AND profile.name = :name";

  /** The same, by a former name. */
  static final String OWN_BY_ALIAS =
      ALL
          + """
           AND profile.id = (
            SELECT profile_id FROM profile_alias WHERE account_id = :account_id AND name = :name)
          """;

  private static final String FOREIGN_COLUMNS =
      READ + ", member.exact_role AS profile_role, member.created_at AS member_since ";
  private static final String MEMBER =
      """
      LEFT JOIN profile_member AS member
        ON member.profile_id = profile.id AND member.account_id = :account_id
      WHERE account.username = :owner
      """;

  /** A profile of somebody else, and the role that a user has in it. */
  static final String FOREIGN = FOREIGN_COLUMNS + OF_ACCOUNT + MEMBER + " AND profile.name = :name";

  /** The same, by a former name. */
  static final String FOREIGN_BY_ALIAS =
      FOREIGN_COLUMNS
          + """
          FROM account
          JOIN profile_alias AS alias ON alias.account_id = account.id AND alias.name = :name
          JOIN profile ON profile.id = alias.profile_id
          """
          + MEMBER;

  /** The profiles of a user that are shared with another one by some roles. */
  static final String SHARED_BY =
      READ
          + OF_ACCOUNT
          + """
          JOIN profile_member AS member ON member.profile_id = profile.id
          WHERE member.account_id = :account_id AND account.username = :owner
            AND member.exact_role = ANY (:roles::text[])
          ORDER BY profile.name
          """;

  /** The profile that was last shared with a user. */
  static final String LAST_SHARED =
      READ
          + OF_ACCOUNT
          + """
          JOIN profile_member AS member ON member.profile_id = profile.id
          WHERE member.account_id = :account_id
          ORDER BY member.created_at DESC, profile.id LIMIT 1
          """;

  private static final String LISTED =
      READ
          + """
          , CASE WHEN profile.account_id = :caller THEN 'owner' ELSE member.exact_role END AS profile_role,
            member.created_at AS member_since
          FROM profile JOIN account ON account.id = profile.account_id
          LEFT JOIN profile_member AS member
            ON member.profile_id = profile.id AND member.account_id = :caller
          WHERE (account.username, profile.name) > (:after_user, :after_name)
            AND (cardinality(:profiles::uuid[]) = 0 OR profile.id = ANY (:profiles))
            AND (cardinality(:tasks::text[]) = 0 OR EXISTS (
              SELECT FROM unnest(:tasks::text[]) AS task
              WHERE starts_with(task, account.username || '/' || profile.name || '/')))
          """;
  private static final String PAGE = " ORDER BY account.username, profile.name LIMIT :most";

  /** The profiles of a user that the caller may see. */
  static final String OF_USER =
      LISTED
          + """
            AND account.username = :username
            AND (profile.account_id = :caller OR profile.is_public OR member.exact_role IS NOT NULL)
          """
          + PAGE;

  static final String PUBLIC = LISTED + " AND profile.is_public" + PAGE;

  /** The profiles of others that are shared with the caller. */
  static final String SHARED = LISTED + " AND member.exact_role IS NOT NULL" + PAGE;

  static final String NAMES = "SELECT name FROM profile WHERE account_id = :account_id";

  /** The profile that every user has, which is added where it is missing. */
  static final String ADD_DEFAULT =
      """
      INSERT INTO profile (id, account_id, name) VALUES (:id, :account_id, :name)
      ON CONFLICT (account_id, name) DO NOTHING
      """;

  /** Pauses a profile; one that is paused keeps its time. */
  static final String PAUSE =
      """
      UPDATE profile SET paused_at = coalesce(paused_at, :now) WHERE id = :id RETURNING paused_at
      """;

  static final String RESUME = "UPDATE profile SET paused_at = NULL WHERE id = :id";

  static final String DELETE_ALIAS =
      "DELETE FROM profile_alias WHERE account_id = :account_id AND name = :name";

  static final String ADD_ALIAS =
      """
      INSERT INTO profile_alias (account_id, name, profile_id)
      VALUES (:account_id, :name, :profile_id)
      ON CONFLICT (account_id, name) DO UPDATE SET profile_id = EXCLUDED.profile_id
      """;

  /** Waits for runs that are being started in the profile, and prevents new ones. */
  static final String LOCK = "SELECT id FROM profile WHERE id = :id FOR UPDATE";

  /** Waits for another change, but does not prevent runs from being started. */
  static final String LOCK_TO_CHANGE = "SELECT id FROM profile WHERE id = :id FOR NO KEY UPDATE";

  /** Locks the profiles of a user like {@link #LOCK}, always in one order. */
  static final String LOCK_ALL_OWN =
      "SELECT id FROM profile WHERE account_id = :account_id ORDER BY id FOR UPDATE";

  private ProfileStatements() {}
}
