// Package query reads and runs the little SQL that the BigQuery stand-in understands:
//
//	SELECT * | column, … | COUNT(*) [AS name]
//	FROM `project.dataset.table`
//	[WHERE column op literal | column IS [NOT] NULL [AND …]]
//	[ORDER BY column [ASC|DESC], …] [LIMIT n]
//
//	SELECT 1
//
//	ALTER TABLE `project.dataset.table` SET OPTIONS (max_staleness = INTERVAL n SECOND|MINUTE|HOUR|DAY | NULL)
//	| ALTER COLUMN column SET DATA TYPE type | ADD PRIMARY KEY (column, …) NOT ENFORCED | DROP PRIMARY KEY
//
// Anything else is an error that names the place. It is enough to look at what was written, not to analyse it.
//
// Start with Parse and Select.Run.
package query
