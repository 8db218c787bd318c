-- Without tombstones
-- debezium: tombstones.on.delete=false
-- leat: transform.tombstones=false
-- phases: stream
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1), (2, 2);
DELETE FROM t WHERE id = 1;
UPDATE t SET id = 5;
