-- Names in letters beyond Latin, of a database, a table and columns, and of a key
-- database: данные_é
CREATE TABLE `таблица` (`ключи` INT PRIMARY KEY, `값` VARCHAR(10), `Ün` INT, `e_x00e9` INT);
INSERT INTO `таблица` VALUES (1, 'a', 2, 3), (2, '값', 4, 5);
UPDATE `таблица` SET `ключи` = 3 WHERE `값` = 'a';
ALTER TABLE `таблица` CHANGE `값` `値値値` VARCHAR(20), ADD `éé` INT FIRST;
INSERT INTO `таблица` VALUES (1, 9, '値', 9, 9);
DELETE FROM `таблица` WHERE `ключи` = 3;
