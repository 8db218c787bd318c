-- TRUNCATE as Debezium takes it by default: not at all
CREATE TABLE t (id INT PRIMARY KEY);
INSERT INTO t VALUES (1);
-- stream
TRUNCATE TABLE t;
INSERT INTO t VALUES (2);
