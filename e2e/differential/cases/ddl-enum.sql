-- ENUM and SET labels added, reordered and renamed in mid-stream
CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a', 'b'), s SET('x', 'y'));
INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'x,y');
-- stream
ALTER TABLE t MODIFY e ENUM('a', 'b', 'c') NOT NULL DEFAULT 'c';
INSERT INTO t (id) VALUES (3);
ALTER TABLE t MODIFY e ENUM('c', 'b', 'a'), MODIFY s SET('z', 'y', 'x');
INSERT INTO t VALUES (4, 'c', 'z,x');
UPDATE t SET s = 'y' WHERE id = 2;
ALTER TABLE t CHANGE e e2 VARCHAR(10);
DELETE FROM t WHERE id = 1;
