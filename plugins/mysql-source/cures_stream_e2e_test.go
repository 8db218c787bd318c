//go:build e2e

package main

import "testing"

// What is in the log and cannot be read.
func TestCures_statementsAndRows(t *testing.T) {
	const snapshot = "remove the checkpoint (leat checkpoint delete)"
	out := set(func(b *bench) { b.config.Exclude.Tables = []string{b.db + `\.a`} })
	exec := func(statements ...string) func(*bench, *recorder) {
		return func(b *bench, _ *recorder) {
			b.Helper()
			b.exec(statements...)
		}
	}
	followed(t, map[string]ailment{
		"statements instead of rows": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY)", end},
			run:    exec("SET SESSION transaction_isolation='REPEATABLE-READ'", "SET SESSION binlog_format=STATEMENT", "INSERT INTO a VALUES (1)"),
			says:   []string{"binlog_format=ROW", snapshot, "exclude.tables"},
			cures: map[string]remedy{
				"a new snapshot": {asNew, []string{"r a {1}"}},
				"leave it out":   {out, nil},
			},
		},
		"rows without all columns": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY, v INT)", "INSERT INTO a VALUES (1, 1)", end},
			run:    exec("SET SESSION binlog_row_image=MINIMAL", "UPDATE a SET v = 2"),
			says:   []string{"binlog_row_image=FULL", snapshot, "exclude.tables"},
			cures: map[string]remedy{
				"a new snapshot": {asNew, []string{"r a {1 2}"}},
				"leave it out":   {out, []string{"r a {1 1}"}},
			},
		},
		"differences of JSON values": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY, j JSON)", `INSERT INTO a VALUES (1, CONCAT('{"a": "', REPEAT('x', 50), '", "b": 1}'))`, end},
			run:    exec("SET SESSION binlog_row_value_options=PARTIAL_JSON", "UPDATE a SET j = JSON_SET(j, '$.b', 2)"),
			says:   []string{"binlog_row_value_options=''", snapshot, "exclude.tables"},
			cures: map[string]remedy{
				"a new snapshot": {asNew, []string{`r a {1 {"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":2}}`}},
				"leave it out":   {out, []string{`r a {1 {"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":1}}`}},
			},
		},
		"an XA transaction": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY)", end},
			run:    exec("XA START 'y7'", "INSERT INTO a VALUES (1)", "XA END 'y7'", "XA PREPARE 'y7'", "XA COMMIT 'y7'"),
			says:   []string{"XA transaction", "do not write captured tables", snapshot, "exclude.tables"},
			cures: map[string]remedy{
				"a new snapshot": {asNew, []string{"r a {1}"}},
				"leave it out":   {out, nil},
			},
		},
		"a date that does not exist": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY, d DATE)", end},
			run:    exec("SET SESSION sql_mode='ALLOW_INVALID_DATES'", "INSERT INTO a VALUES (1, '2020-02-31')"),
			says:   []string{"exclude.columns"},
			cures: map[string]remedy{
				"leave the column out": {set(func(b *bench) { b.config.Exclude.Columns = []string{b.db + `\.a\.d`} }), []string{"c a {1}"}},
			},
		},
		"a date in a snapshot that does not exist": {
			atOnce: true,
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY, d DATE)", "SET SESSION sql_mode='ALLOW_INVALID_DATES'", "INSERT INTO a VALUES (1, '2020-02-31')", end},
			run:    exec(),
			says:   []string{"exclude.columns", "correct the row"},
			cures: map[string]remedy{
				"leave the column out": {set(func(b *bench) { b.config.Exclude.Columns = []string{b.db + `\.a\.d`} }), []string{"r a {1}"}},
				"correct the row":      {then(mend("SET SESSION sql_mode='ALLOW_INVALID_DATES'", "UPDATE a SET d = NULL"), asNew), []string{"r a {1 NULL}"}},
			},
		},
		"a definition that nothing proves": {
			tables: []string{"SET GLOBAL binlog_row_metadata=MINIMAL", "CREATE TABLE a (id INT PRIMARY KEY, v INT)", end},
			run:    exec("SET sql_log_bin=0", "ALTER TABLE a DROP v, ADD w VARCHAR(9)", "SET sql_log_bin=1", "INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')"),
			says:   []string{"binlog_row_metadata=FULL", snapshot},
			cures: map[string]remedy{
				"FULL, and a new snapshot": {then(mend("SET GLOBAL binlog_row_metadata=FULL"), asNew), []string{"r a {1 x}", "r a {2 y}"}},
			},
		},
		"a filter that captures more": {
			tables: []string{"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (2)", end},
			run:    func(b *bench, _ *recorder) { b.config.Exclude.Tables = nil },
			on: func(t *testing.T) *bench {
				t.Helper()
				b := newBench(t)
				b.config.Exclude.Tables = []string{b.db + `\.b`}
				return b
			},
			says: []string{"set them back to what they were", "snapshot.new_tables", snapshot},
			cures: map[string]remedy{
				"set them back":  {set(func(b *bench) { b.config.Exclude.Tables = []string{b.db + `\.b`} }), []string{"r a {1}"}},
				"skip":           {set(func(b *bench) { b.config.Snapshot.NewTables = "skip" }), []string{"r a {1}"}},
				"a new snapshot": {asNew, []string{"r a {1}", "r b {2}"}},
			},
		},
	})
}
