package ddl_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
)

// TestTiDBParserAgrees takes the parser of TiDB as a second opinion on every
// statement that it can read.
func TestTiDBParserAgrees(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/server.sql")
	if err != nil {
		t.Fatal(err)
	}
	second, mode, read := parser.New(), ddl.Mode{Database: "db"}, 0
	for _, sql := range strings.Split(string(text), ";\n") {
		if strings.Contains(sql, "ANSI_QUOTES") {
			break // from here on the script depends on settings of the session
		}
		node, err := second.ParseOneStmt(sql, "", "")
		if err != nil {
			continue
		}
		want := tidbLines(node)
		if want == nil {
			continue
		}
		read++
		if diff := cmp.Diff(want, ourLines(parseOne(t, sql, mode))); diff != "" {
			t.Errorf("%s\nTiDB (-) and we (+) differ:\n%s", sql, diff)
		}
	}
	if read < 45 {
		t.Errorf("compared %d statements, want 45 at least", read)
	}
}

// ourLines and tidbLines tell what a statement does, in the same words.
func ourLines(s ddl.Statement) []string {
	switch s := s.(type) {
	case *ddl.CreateTable:
		lines := []string{"create " + s.Table.Table}
		for i := range s.Columns {
			lines = append(lines, ourColumn(&s.Columns[i]))
		}
		return lines
	case *ddl.AlterTable:
		lines := []string{"alter " + s.Table.Table}
		for _, a := range s.Actions {
			lines = append(lines, ourAction(a)...)
		}
		return lines
	case *ddl.DropTable:
		lines := []string{"drop"}
		for _, n := range s.Tables {
			lines = append(lines, n.Table)
		}
		return lines
	case *ddl.RenameTable:
		lines := []string{"rename"}
		for _, p := range s.Pairs {
			lines = append(lines, p.From.Table+" to "+p.To.Table)
		}
		return lines
	case *ddl.TruncateTable:
		return []string{"truncate " + s.Table.Table}
	}
	return []string{fmt.Sprintf("%T", s)}
}

func ourAction(a ddl.Action) []string {
	switch a := a.(type) {
	case *ddl.AddColumn:
		return []string{"add " + ourColumn(&a.Column) + ourPlace(a.Column.Place)}
	case *ddl.ChangeColumn:
		return []string{"change " + a.Old + " to " + ourColumn(&a.Column) + ourPlace(a.Column.Place)}
	case *ddl.DropColumn:
		return []string{"drop column " + a.Name}
	case *ddl.RenameColumn:
		return []string{"rename column " + a.Old + " to " + a.New}
	case *ddl.RenameIndex:
		return []string{"rename index " + a.Old + " to " + a.New}
	case *ddl.DropIndex:
		return []string{"drop index " + a.Name}
	case *ddl.RenameTo:
		return []string{"rename to " + a.Name.Table}
	}
	return nil
}

func ourPlace(p ddl.Place) string {
	switch {
	case p.First:
		return " first"
	case p.After != "":
		return " after " + p.After
	}
	return ""
}

func ourColumn(c *ddl.ColumnDef) string {
	out := c.Name + " " + strings.ToLower(c.Type)
	if c.Unsigned {
		out += " unsigned"
	}
	if c.Null != nil && !*c.Null {
		out += " not null"
	}
	return out
}

func tidbLines(node ast.StmtNode) []string {
	switch s := node.(type) {
	case *ast.CreateTableStmt:
		if s.ReferTable != nil {
			return nil
		}
		lines := []string{"create " + s.Table.Name.O}
		for _, c := range s.Cols {
			lines = append(lines, tidbColumn(c))
		}
		return lines
	case *ast.AlterTableStmt:
		lines := []string{"alter " + s.Table.Name.O}
		for _, spec := range s.Specs {
			lines = append(lines, tidbSpec(spec)...)
		}
		return lines
	case *ast.DropTableStmt:
		lines := []string{"drop"}
		for _, n := range s.Tables {
			lines = append(lines, n.Name.O)
		}
		return lines
	case *ast.RenameTableStmt:
		lines := []string{"rename"}
		for _, p := range s.TableToTables {
			lines = append(lines, p.OldTable.Name.O+" to "+p.NewTable.Name.O)
		}
		return lines
	case *ast.TruncateTableStmt:
		return []string{"truncate " + s.Table.Name.O}
	}
	return nil
}

func tidbSpec(s *ast.AlterTableSpec) []string {
	var lines []string
	switch s.Tp {
	case ast.AlterTableAddColumns:
		for _, c := range s.NewColumns {
			lines = append(lines, "add "+tidbColumn(c)+tidbPlace(s.Position))
		}
	case ast.AlterTableModifyColumn:
		c := s.NewColumns[0]
		lines = append(lines, "change "+c.Name.Name.O+" to "+tidbColumn(c)+tidbPlace(s.Position))
	case ast.AlterTableChangeColumn:
		lines = append(lines, "change "+s.OldColumnName.Name.O+" to "+tidbColumn(s.NewColumns[0])+tidbPlace(s.Position))
	case ast.AlterTableDropColumn:
		lines = append(lines, "drop column "+s.OldColumnName.Name.O)
	case ast.AlterTableRenameColumn:
		lines = append(lines, "rename column "+s.OldColumnName.Name.O+" to "+s.NewColumnName.Name.O)
	case ast.AlterTableRenameIndex:
		lines = append(lines, "rename index "+s.FromKey.O+" to "+s.ToKey.O)
	case ast.AlterTableDropIndex:
		lines = append(lines, "drop index "+s.Name)
	case ast.AlterTableDropPrimaryKey:
		lines = append(lines, "drop index PRIMARY")
	case ast.AlterTableRenameTable:
		lines = append(lines, "rename to "+s.NewTable.Name.O)
	}
	return lines
}

func tidbPlace(p *ast.ColumnPosition) string {
	switch {
	case p == nil:
		return ""
	case p.Tp == ast.ColumnPositionFirst:
		return " first"
	case p.Tp == ast.ColumnPositionAfter:
		return " after " + p.RelativeColumn.Name.O
	}
	return ""
}

// tidbNames are the words of TiDB's types where they differ from ours.
var tidbNames = strings.NewReplacer("var_string", "varchar", "mediumblob binary", "mediumblob")

func tidbColumn(c *ast.ColumnDef) string {
	typ, _, _ := strings.Cut(c.Tp.CompactStr(), "(")
	out := c.Name.Name.O + " " + tidbNames.Replace(typ)
	if mysql.HasUnsignedFlag(c.Tp.GetFlag()) {
		out += " unsigned"
	}
	for _, o := range c.Options {
		// TiDB leaves it to later stages that AUTO_INCREMENT implies NOT NULL.
		if o.Tp == ast.ColumnOptionNotNull || o.Tp == ast.ColumnOptionAutoIncrement {
			return out + " not null"
		}
	}
	return out
}
