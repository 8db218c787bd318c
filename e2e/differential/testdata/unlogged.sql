-- Definitions that change without a word in the log, in ways of which the log's metadata tells all
CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10), b VARCHAR(10), e ENUM('x','😀'));
INSERT INTO t VALUES (1, 'a', 'b', 'x');
-- stream
INSERT INTO t VALUES (2, 'a', 'b', '😀');
SET sql_log_bin = 0;
ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a;
SET sql_log_bin = 1;
INSERT INTO t (id, a, b, e) VALUES (3, 'a', 'b', 'x');
SET sql_log_bin = 0;
ALTER TABLE t MODIFY e ENUM('😀','x'), ADD COLUMN c INT FIRST;
SET sql_log_bin = 1;
INSERT INTO t (id, a, b, e) VALUES (4, 'a', 'b', 'x');
UPDATE t SET c = id;
ALTER TABLE t ADD COLUMN d DECIMAL(7,2) AFTER id;
SET sql_log_bin = 0;
ALTER TABLE t MODIFY c INT UNSIGNED NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (c, id);
SET sql_log_bin = 1;
INSERT INTO t (id, c, a, b, e, d) VALUES (5, 4294967295, 'a', 'b', 'x', 1.5);
UPDATE t SET a = 'z';
