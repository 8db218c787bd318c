package server

import (
	"errors"
	"fmt"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Only what may have lost characters costs a question.
func TestDamaged(t *testing.T) {
	t.Parallel()
	text := func(s string) *table.Default { return &table.Default{Kind: table.DefaultText, Text: s} }
	tests := map[string]struct {
		column         table.Column
		labels, preset bool
	}{
		"number":                      {table.Column{Type: "INT", Default: text("1")}, false, false},
		"bytes":                       {table.Column{Type: "VARBINARY", Default: text("?")}, false, false},
		"text":                        {table.Column{Type: "VARCHAR", Charset: "utf8mb4", Default: text("é")}, false, false},
		"text without a default":      {table.Column{Type: "VARCHAR", Charset: "utf8mb4"}, false, false},
		"text with a question mark":   {table.Column{Type: "VARCHAR", Charset: "utf8mb4", Default: text("why?")}, false, true},
		"digits of text":              {table.Column{Type: "VARCHAR", Charset: "utf8mb4", Default: &table.Default{Kind: table.DefaultHex, Text: "f09f9880"}}, false, false},
		"an expression":               {table.Column{Type: "VARCHAR", Charset: "utf8mb4", Default: &table.Default{Kind: table.DefaultExpr, Text: "'?'"}}, false, false},
		"labels":                      {table.Column{Type: "ENUM", Charset: "utf8mb4", Values: []string{"a", "é"}, Default: text("é")}, false, false},
		"labels with a question mark": {table.Column{Type: "SET", Charset: "utf8mb4", Values: []string{"a", "?"}, Default: text("a")}, true, false},
		"labels that are no text":     {table.Column{Type: "ENUM", Charset: "binary", Values: []string{"\xff"}}, true, false},
		"digits of a label":           {table.Column{Type: "ENUM", Charset: "latin1", Values: []string{"a"}, Default: &table.Default{Kind: table.DefaultHex, Text: "61"}}, false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := damagedLabels(&tt.column); got != tt.labels {
				t.Errorf("labels: %v, want %v", got, tt.labels)
			}
			if got := damagedDefault(&tt.column); got != tt.preset {
				t.Errorf("default: %v, want %v", got, tt.preset)
			}
		})
	}
	if got := valid("é\xff\xfe"); got != "é\ufffd\ufffd" {
		t.Errorf("got %q, want a sign for each byte", got)
	}
}

func TestAnswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want bool
	}{
		"no such table":   {&mysql.MyError{Code: mysql.ER_NO_SUCH_TABLE}, true},
		"no privilege":    {&mysql.MyError{Code: mysql.ER_TABLEACCESS_DENIED_ERROR}, true},
		"unread":          {ErrUnread, true},
		"other than said": {errRestore, true},
		"shutdown":        {&mysql.MyError{Code: mysql.ER_SERVER_SHUTDOWN}, false},
		"lock":            {&mysql.MyError{Code: mysql.ER_LOCK_WAIT_TIMEOUT}, false},
		"connection":      {mysql.ErrBadConn, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Answered(errors.Join(fmt.Errorf("ask: %w", tt.err))); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
