-- The deliveries of a notice, for its list, and to remove them with it.
DROP INDEX CONCURRENTLY IF EXISTS callback_delivery_of_notice;
CREATE INDEX CONCURRENTLY callback_delivery_of_notice ON callback_delivery (notice_id, created_at DESC) WHERE notice_id IS NOT NULL;
