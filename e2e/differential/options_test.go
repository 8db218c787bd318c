package main

import "testing"

func TestChooseDefaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		given, want options
		anySeed     bool
	}{
		"OK":                      {options{}, options{pattern: "*"}, false},
		"pattern":                 {options{pattern: "a"}, options{pattern: "a"}, false},
		"seed":                    {options{seed: 7}, options{seed: 7, rounds: 10}, false},
		"seed and rounds":         {options{seed: 7, rounds: 2}, options{seed: 7, rounds: 2}, false},
		"rounds":                  {options{rounds: 2}, options{rounds: 2}, true},
		"rounds beside all cases": {options{pattern: "*", rounds: 2}, options{pattern: "*", rounds: 2}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := test.given
			got.chooseDefaults()
			if test.anySeed {
				if got.seed == 0 {
					t.Error("no seed was chosen")
				}
				got.seed = 0
			}
			if got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

func TestNoPatternNamesNoCase(t *testing.T) {
	t.Parallel()
	if cases, err := (options{}).cases(); err != nil || len(cases) > 0 {
		t.Errorf("%d cases, error %v", len(cases), err)
	}
}
