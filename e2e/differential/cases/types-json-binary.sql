-- JSON that holds binary strings and bits
CREATE TABLE t (id INT PRIMARY KEY, j JSON);
INSERT INTO t VALUES (1, JSON_OBJECT('b', CAST('abc' AS BINARY))), (2, JSON_ARRAY(x'ff00'));
