-- CREATE UNIQUE INDEX and DROP INDEX decide on the key where there is no primary one
-- differs: key-index-dropped
CREATE TABLE t (a INT NOT NULL, b INT NOT NULL);
INSERT INTO t VALUES (1, 1);
-- stream
CREATE UNIQUE INDEX i ON t (a);
INSERT INTO t VALUES (2, 2);
CREATE UNIQUE INDEX j ON t (b);
INSERT INTO t VALUES (3, 3);
DROP INDEX i ON t;
INSERT INTO t VALUES (4, 4);
