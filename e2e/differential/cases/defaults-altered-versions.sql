-- A default of BIT that Debezium does not take: it has one version of the schema where there are two
CREATE TABLE t (id INT PRIMARY KEY, c BIT(9), d INT);
-- stream
INSERT INTO t VALUES (1, b'1', 1), (2, NULL, 2), (3, b'0', 3);
ALTER TABLE t ALTER COLUMN c SET DEFAULT b'0';
DELETE FROM t ORDER BY id LIMIT 2;
