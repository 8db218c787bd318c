-- Odd names of key columns, changed
CREATE TABLE t (`key col` INT, `k-2` VARCHAR(5), v INT, PRIMARY KEY (`key col`, `k-2`));
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
UPDATE t SET `key col` = 3 WHERE v = 1;
DELETE FROM t WHERE v = 2;
