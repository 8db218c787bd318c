-- A table that is truncated before it has a row, and then altered: no record, and so no schema, of the truncation
-- phases: stream
CREATE TABLE t (id INT PRIMARY KEY, c INT NOT NULL);
TRUNCATE TABLE t;
ALTER TABLE t MODIFY c BIGINT NOT NULL;
INSERT INTO t VALUES (1, 2);
