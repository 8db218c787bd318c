-- Tables of engines without transactions
CREATE TABLE m (id INT PRIMARY KEY, v INT) ENGINE = MyISAM;
CREATE TABLE i (id INT PRIMARY KEY, v INT);
INSERT INTO m VALUES (1, 1);
-- stream
INSERT INTO m VALUES (2, 2), (3, 3);
UPDATE m SET v = 5;
DELETE FROM m WHERE id = 1;
INSERT INTO i VALUES (1, 1);
