-- A table without any key whose values Debezium sends otherwise: rows find their like all the same
CREATE TABLE t (a DATETIME(1) NOT NULL, b INT DEFAULT 0, c FLOAT, d INT UNSIGNED NOT NULL);
INSERT INTO t VALUES ('2020-01-02 03:04:05', -1, 106.03176, 5), ('2020-01-02 03:04:05', 42, NULL, 6), ('1969-12-31 23:59:59', 127, -0.25, 7);
INSERT INTO t VALUES ('2020-01-02 03:04:05', NULL, 106.03176, 10), ('2020-01-02 03:04:05', 0, 106.0318, 10);
UPDATE t SET b = NULL WHERE d = 6;
