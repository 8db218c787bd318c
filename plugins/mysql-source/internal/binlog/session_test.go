package binlog

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSession(t *testing.T) {
	t.Parallel()
	charset := []byte{4, 28, 0, 8, 0, 51, 0}
	session := Session{Client: 28, Connection: 8, Server: 51}
	with := func(change func(*Session)) Session {
		s := session
		change(&s)
		return s
	}
	tests := map[string]struct {
		status []byte
		want   Session
	}{
		"nothing":                                {nil, Session{}},
		"character sets":                         {charset, session},
		"MariaDB's collations in front":          {append([]byte{131, 2, 33, 0, 0, 8, 45, 0, 0, 9}, charset...), session},
		"no collations in front":                 {append([]byte{131, 0}, charset...), session},
		"MariaDB's others behind":                {append(charset, 128, 1, 2, 3, 129, 1, 2, 3, 4, 5, 6, 7, 8, 130, 0, 16, 1), session},
		"two phases, begun":                      {append(charset, 130, 2), with(func(s *Session) { s.Phase = PhaseStart })},
		"two phases, done":                       {append(charset, 130, 4, 1, 2, 3, 4, 5, 6, 7, 8, 16, 0), with(func(s *Session) { s.Phase, s.ImplicitTimestamps = PhaseCommit, true })},
		"two phases, undone":                     {append(charset, 130, 8, 1, 2, 3, 4, 5, 6, 7, 8), with(func(s *Session) { s.Phase = PhaseRollback })},
		"catalog of old servers":                 {append([]byte{2, 3, 's', 't', 'd', 0}, charset...), session},
		"too many databases to name":             {append([]byte{12, 254}, charset...), session},
		"numbers that decide nothing":            {append([]byte{7, 1, 0, 8, 51, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 1, 2, 3, 4, 13, 1, 2, 3, 19, 1, 20, 1}, charset...), session},
		"unknown, and nothing behind it is read": {append([]byte{14, 1, 2}, charset...), Session{Unknown: 14}},
		"unknown at the end":                     {append(charset, 200, 1), with(func(s *Session) { s.Unknown = 200 })},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseSession(tt.status)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for code := range byte(132) {
		if s, err := parseSession([]byte{code}); err == nil && s.Unknown != code {
			t.Errorf("variable %d is read without its value", code)
		}
	}
	if _, err := parseSession(charset[:5]); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
}

func TestSession_Carried(t *testing.T) {
	t.Parallel()
	for phase, want := range map[Phase]bool{0: true, PhaseStart: false, PhaseCommit: true, PhaseRollback: false} {
		if s := (&Session{Phase: phase}); s.Carried() != want {
			t.Errorf("phase %d is carried out: %v", phase, !want)
		}
	}
}
