package server

import (
	"errors"
	"fmt"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"
)

func TestPlaceLabels(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		typ    string
		number uint64
		text   string
		want   []string
		err    error
	}{
		"ENUM":                {"ENUM", 2, "😀", []string{"a", "😀", "?"}, nil},
		"the empty ENUM":      {"ENUM", 0, "", []string{"a", "?", "?"}, nil},
		"no label of an ENUM": {"ENUM", 4, "b", nil, errRestore},
		"SET":                 {"SET", 0b110, "🐚,😀", []string{"a", "🐚", "😀"}, nil},
		"the empty SET":       {"SET", 0, "", []string{"a", "?", "?"}, nil},
		"no label of a SET":   {"SET", 0b1000, "b", nil, errRestore},
		"too few bits":        {"SET", 0b1, "a,b", nil, errRestore},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			labels := []string{"a", "?", "?"}
			err := placeLabels(labels, tt.typ, tt.number, tt.text)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, labels); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownSyntax(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		nil: false, errRestore: false, &mysql.MyError{Code: mysql.ER_TABLEACCESS_DENIED_ERROR}: false,
		fmt.Errorf("ask: %w", &mysql.MyError{Code: mysql.ER_PARSE_ERROR}): true,
	} {
		if got := unknownSyntax(err); got != want {
			t.Errorf("%v: got %v, want %v", err, got, want)
		}
	}
}
