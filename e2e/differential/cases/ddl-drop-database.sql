-- A database dropped and made again in mid-stream
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
-- stream
INSERT INTO t VALUES (2, 2);
DROP DATABASE {db};
CREATE DATABASE {db};
USE {db};
CREATE TABLE t (id BIGINT PRIMARY KEY, b VARCHAR(5));
INSERT INTO t VALUES (3, 'x');
