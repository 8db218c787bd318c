-- Rows written by triggers and procedures, and statements on several tables
CREATE TABLE t (id INT PRIMARY KEY, v INT);
CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, t_id INT, what VARCHAR(10));
CREATE TRIGGER ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log (t_id, what) VALUES (NEW.id, 'insert');
CREATE TRIGGER bd BEFORE DELETE ON t FOR EACH ROW INSERT INTO log (t_id, what) VALUES (OLD.id, 'delete');
-- stream
INSERT INTO t VALUES (1, 1), (2, 2);
DELETE FROM t WHERE id = 1;
INSERT IGNORE INTO t VALUES (2, 3), (3, 3);
UPDATE t JOIN log ON log.t_id = t.id SET t.v = 100, log.what = 'joined';
