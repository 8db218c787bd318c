-- Odd names of columns
CREATE TABLE t (`id` INT PRIMARY KEY, `a-b` INT, `c d` INT, `1x` INT, `select` INT, `UPPER` INT, `$d` INT, `漢` INT, `"q"` INT);
INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9);
UPDATE t SET `a-b` = 0;
