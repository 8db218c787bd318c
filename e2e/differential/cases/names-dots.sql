-- Names with dots, of tables and columns
CREATE TABLE `a.b` (`i.d` INT PRIMARY KEY, `c.d` INT, `.e` INT);
INSERT INTO `a.b` VALUES (1, 2, 3), (2, 3, 4);
UPDATE `a.b` SET `i.d` = 5 WHERE `i.d` = 1;
ALTER TABLE `a.b` RENAME COLUMN `c.d` TO `c.e`, ADD `f.g` INT;
UPDATE `a.b` SET `c.e` = 5;
DELETE FROM `a.b`;
