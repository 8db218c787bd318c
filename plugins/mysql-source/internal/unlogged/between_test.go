package unlogged_test

import (
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
)

func TestBetween(t *testing.T) {
	t.Parallel()
	const was = "x INT PRIMARY KEY, y VARCHAR(9), e ENUM('a','b')"
	tests := map[string]struct {
		is     string
		unsure []string
		want   bool
	}{
		"nothing":                  {was, nil, false},
		"a column of nulls":        {was + ", c INT", nil, false},
		"and one in between":       {"c INT, x INT PRIMARY KEY, y VARCHAR(9), d INT, e ENUM('a','b')", nil, false},
		"a default not known":      {was + ", c INT", []string{"c"}, true},
		"others not known":         {was + ", c INT", []string{"y"}, false},
		"a default":                {was + ", c INT DEFAULT 4", nil, true},
		"no nulls":                 {was + ", c INT NOT NULL", nil, true},
		"generated":                {was + ", c INT AS (x + 1)", nil, true},
		"dropped":                  {"x INT PRIMARY KEY, e ENUM('a','b')", nil, false},
		"renamed, or not":          {"x INT PRIMARY KEY, z VARCHAR(9), e ENUM('a','b')", nil, true},
		"swapped, or moved":        {"x INT PRIMARY KEY, e ENUM('a','b'), y VARCHAR(9)", nil, true},
		"more labels":              {"x INT PRIMARY KEY, y VARCHAR(9), e ENUM('c','b','a')", nil, false},
		"other labels":             {"x INT PRIMARY KEY, y VARCHAR(9), e ENUM('?','b')", nil, true},
		"wider":                    {"x BIGINT PRIMARY KEY, y TEXT, e ENUM('a','b')", nil, false},
		"shorter":                  {"x INT PRIMARY KEY, y VARCHAR(8), e ENUM('a','b')", nil, true},
		"another key":              {"x INT, y VARCHAR(9), e ENUM('a','b'), PRIMARY KEY (x, y)", nil, true},
		"no key":                   {"x INT, y VARCHAR(9), e ENUM('a','b')", nil, true},
		"a column that is the key": {"c INT PRIMARY KEY, x INT, y VARCHAR(9), e ENUM('a','b')", nil, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := unlogged.Between(define(t, was), define(t, tt.is), tt.unsure); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// define makes the definition of a table with columns.
func define(t *testing.T, columns string) *table.Table {
	t.Helper()
	c := ddl.NewCatalog(ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"}, nil)
	c.Databases["d"] = ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"}
	mode := ddl.Mode{Database: "d"}
	statements, err := ddl.Parse("CREATE TABLE t ("+columns+")", mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(statements[0], mode); err != nil {
		t.Fatal(err)
	}
	return c.Table(table.Name{Database: "d", Table: "t"})
}
