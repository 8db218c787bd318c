-- Defaults of a SET in another order than that of its labels
CREATE TABLE t (id INT PRIMARY KEY, a SET('y', 'x', 'z') NOT NULL DEFAULT 'x,y', b SET('p', 'q') DEFAULT 'q,p,q');
INSERT INTO t (id) VALUES (1);
INSERT INTO t VALUES (2, 'z,x', NULL);
ALTER TABLE t ALTER a SET DEFAULT 'z,x,y';
INSERT INTO t (id) VALUES (3);
