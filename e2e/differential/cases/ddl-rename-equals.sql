-- A table renamed with an equals sign
-- fails: rename-equals
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
-- stream
ALTER TABLE t RENAME = u;
INSERT INTO u VALUES (2, 2);
