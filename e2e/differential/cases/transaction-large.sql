-- One statement of many rows, several log events long
CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(200));
INSERT INTO t (v) VALUES (REPEAT('x', 200)), (REPEAT('y', 200));
-- stream
INSERT INTO t (v) SELECT t1.v FROM t t1, t t2, t t3, t t4, t t5, t t6, t t7, t t8;
UPDATE t SET v = 'short' WHERE id % 3 = 0;
DELETE FROM t WHERE id % 2 = 0;
