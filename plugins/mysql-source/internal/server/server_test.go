package server

import (
	"testing"
)

func TestSettings_Address(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Settings{"h:1": {Host: "h", Port: 1}, "[::1]:3306": {Host: "::1", Port: 3306}, "/run/m.sock": {Host: "/run/m.sock", Port: 3306}} {
		if got := s.Address(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	if got := Quote("a`b"); got != "`a``b`" {
		t.Errorf("got %s", got)
	}
	if got := Literal(`a'b\c`); got != `'a\'b\\c'` {
		t.Errorf("got %s", got)
	}
}

func TestFacts_FoldsNames(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "2": true} {
		f := Facts{Variables: map[string]string{"lower_case_table_names": value}}
		if got := f.FoldsNames(); got != want {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}
