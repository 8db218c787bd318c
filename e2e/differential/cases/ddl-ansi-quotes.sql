-- ANSI_QUOTES
-- fails: ansi-quotes
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
-- stream
SET sql_mode = 'ANSI_QUOTES';
ALTER TABLE "t" ADD "g" VARCHAR(10) DEFAULT 'x';
INSERT INTO t VALUES (2, 2, 'g');
