-- Statements that name the database, from a session without one and from another one
CREATE TABLE t (id INT PRIMARY KEY, a INT);
CREATE TABLE r (id INT PRIMARY KEY);
INSERT INTO t VALUES (1, 1);
-- stream
USE mysql;
ALTER TABLE {db}.t ADD b INT;
INSERT INTO {db}.t VALUES (2, 2, 2);
CREATE TABLE {db}.n LIKE {db}.t;
INSERT INTO {db}.n VALUES (3, 3, 3);
RENAME TABLE {db}.r TO {db}.r2;
INSERT INTO {db}.r2 VALUES (4);
CREATE DATABASE IF NOT EXISTS elsewhere;
ALTER TABLE {db}.n RENAME elsewhere.n;
INSERT INTO elsewhere.n VALUES (5, 5, 5);
RENAME TABLE elsewhere.n TO {db}.back;
INSERT INTO {db}.back VALUES (6, 6, 6);
CREATE TABLE elsewhere.m (id INT PRIMARY KEY, z INT);
RENAME TABLE elsewhere.m TO {db}.m;
INSERT INTO {db}.m VALUES (7, 7);
DROP DATABASE elsewhere;
