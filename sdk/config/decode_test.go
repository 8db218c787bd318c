package config_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/sdk/config"
)

var compare = cmp.Options{cmpopts.IgnoreUnexported(sample{}), cmpopts.EquateComparable(netip.Addr{})}

func TestDecodeFillsEveryKind(t *testing.T) {
	t.Parallel()
	five := 5
	want := sample{
		Name: "n", Mode: "slow", Debug: true, Port: 8080, Retries: -3, Ratio: 1.5, Wait: 90 * time.Second,
		Limit: 2 * config.MB, Password: config.NewSecret("pw"), Address: netip.MustParseAddr("::1"), Tables: []string{"c"},
		Formats: []string{"b"}, Labels: map[string]string{"a.b": "c"},
		Free: map[string]any{"k": map[string]any{"deep.er": true}},
		TLS:  tls{CAFile: "/etc/ca", Enable: true}, Auth: &auth{User: "u", Password: config.NewSecret("p")},
		Rules: []rule{{Match: "m"}}, Topics: map[string]topic{"t": {Partitions: 3}}, Optional: &five,
		Keys: map[string]config.Secret{"k": config.NewSecret("v")},
	}
	got := defaults()
	problems := config.Decode([]byte(`{"name":"n","mode":"slow","debug":true,"port":8080,"retries":-3,"ratio":1.5,
		"wait":"1m30s","limit":"2MB","password":"pw","address":"::1","tables":["c"],"formats":["b"],"labels":{"a.b":"c"},
		"free":{"k":{"deep.er":true}},"tls":{"enable":true},"auth":{"user":"u","password":"p"},"rules":[{"match":"m"}],
		"topics":{"t":{"partitions":3}},"optional":5,"keys":{"k":"v"}}`), &got)
	if diff := cmp.Diff([]config.Problem(nil), problems); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, got, compare); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeReadsScalarsFromStrings(t *testing.T) {
	t.Parallel()
	want := defaults()
	want.Name, want.Debug, want.Port, want.Ratio, want.Limit = "n", true, 10, 0.25, 512
	got := defaults()
	problems := config.Decode([]byte(`{"name":"n","debug":"true","port":"010","ratio":"0.25","limit":512}`), &got)
	if len(problems) > 0 {
		t.Error(problems)
	}
	if diff := cmp.Diff(want, got, compare); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeDoesNotTouchTheSharedDefaults(t *testing.T) {
	t.Parallel()
	shared := defaults()
	cfg := shared
	if p := config.Decode([]byte(`{"name":"n","tables":["z"],"labels":{"q":"r"}}`), &cfg); len(p) > 0 {
		t.Fatal(p)
	}
	if diff := cmp.Diff(defaults(), shared, compare); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeReportsProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		give string
		want []config.Problem
	}{
		"not an object":        {`[]`, []config.Problem{{Path: "", Message: "not a JSON object: json: cannot unmarshal array into Go value of type map[string]interface {}", Cure: "write the configuration as a map"}}},
		"trailing text":        {`{} {}`, []config.Problem{{Path: "", Message: "not a JSON object: more follows behind the object", Cure: "write the configuration as a map"}}},
		"required missing":     {``, []config.Problem{{Path: "name", Message: "is required", Cure: "set it: Name of it"}}},
		"required empty":       {`{"name":""}`, []config.Problem{{Path: "name", Message: "is required and empty", Cure: "set it: Name of it"}}},
		"null":                 {`{"name":null}`, []config.Problem{{Path: "name", Message: "has no value", Cure: "give it one, or remove the key"}}},
		"misspelt key":         {`{"name":"n","tabels":[]}`, []config.Problem{{Path: "tabels", Message: "is not a known key", Cure: "did you mean tables?"}}},
		"unknown key":          {`{"name":"n","tls":{"zzzzz":1}}`, []config.Problem{{Path: "tls.zzzzz", Message: "is not a known key", Cure: "remove it; the keys are ca_file, enable"}}},
		"key in another case":  {`{"name":"n","Mode":"fast"}`, []config.Problem{{Path: "Mode", Message: "is not a known key", Cure: "did you mean mode?"}}},
		"option":               {`{"name":"n","mode":"medium"}`, []config.Problem{{Path: "mode", Message: `is "medium", which is not one of its values`, Cure: "use one of fast, slow"}}},
		"option of an element": {`{"name":"n","formats":["a","c"]}`, []config.Problem{{Path: "formats[1]", Message: `is "c", which is not one of its values`, Cure: "use one of a, b"}}},
		"number for a string":  {`{"name":7}`, []config.Problem{{Path: "name", Message: "is 7", Cure: "write a string, in quotes"}}},
		"string for a bool":    {`{"name":"n","debug":"yes"}`, []config.Problem{{Path: "debug", Message: `is "yes"`, Cure: "write true or false"}}},
		"bool for an int":      {`{"name":"n","retries":true}`, []config.Problem{{Path: "retries", Message: "is true", Cure: "write a whole number"}}},
		"fraction for an int":  {`{"name":"n","retries":1.5}`, []config.Problem{{Path: "retries", Message: "is 1.5", Cure: "write a whole number"}}},
		"int out of range":     {`{"name":"n","port":65536}`, []config.Problem{{Path: "port", Message: "is 65536", Cure: "write a whole number, not negative of at most 65535"}}},
		"float not finite":     {`{"name":"n","ratio":"NaN"}`, []config.Problem{{Path: "ratio", Message: `is "NaN"`, Cure: "write a number"}}},
		"duration, no unit":    {`{"name":"n","wait":10}`, []config.Problem{{Path: "wait", Message: "is 10", Cure: "write a duration with a unit, such as 10s, 5m or 1h30m"}}},
		"duration, negative":   {`{"name":"n","wait":"-1s"}`, []config.Problem{{Path: "wait", Message: `is "-1s"`, Cure: "write a duration with a unit, such as 10s, 5m or 1h30m"}}},
		"size":                 {`{"name":"n","limit":"5 apples"}`, []config.Problem{{Path: "limit", Message: `is "5 apples"`, Cure: "write a size in bytes, such as 64MiB or 1MB"}}},
		"textual":              {`{"name":"n","address":"here"}`, []config.Problem{{Path: "address", Message: `is "here"`, Cure: "write a valid Addr"}}},
		"scalar for a list":    {`{"name":"n","tables":"t"}`, []config.Problem{{Path: "tables", Message: "is a string", Cure: "write a list"}}},
		"list for a map":       {`{"name":"n","labels":[1]}`, []config.Problem{{Path: "labels", Message: "is a list", Cure: "write a map"}}},
		"map for a scalar":     {`{"name":"n","mode":{}}`, []config.Problem{{Path: "mode", Message: "is a map", Cure: "write a string"}}},
		"element of a list":    {`{"name":"n","rules":[{"match":"m"},{}]}`, []config.Problem{{Path: "rules[1].match", Message: "is required", Cure: "set it: What it matches"}}},
		"element of a map":     {`{"name":"n","topics":{"t":{"partitions":"x"}}}`, []config.Problem{{Path: "topics.t.partitions", Message: `is "x"`, Cure: "write a whole number"}}},
		"inside an optional":   {`{"name":"n","auth":{}}`, []config.Problem{{Path: "auth.user", Message: "is required", Cure: "set it: User"}}},
		"validate":             {`{"name":"n","mode":"slow","wait":"0s"}`, []config.Problem{{Path: "wait", Message: "slow needs a wait", Cure: "set a wait"}, {Path: "", Message: "does not fit", Cure: ""}}},
		"validate, nested":     {`{"name":"n","tables":["a","a"]}`, []config.Problem{{Path: "tls.ca_file", Message: "is listed twice", Cure: "mend it"}}},
		"all at once": {`{"mode":"x","debug":1}`, []config.Problem{
			{Path: "name", Message: "is required", Cure: "set it: Name of it"},
			{Path: "mode", Message: `is "x", which is not one of its values`, Cure: "use one of fast, slow"},
			{Path: "debug", Message: "is 1", Cure: "write true or false"},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := defaults()
			if diff := cmp.Diff(tt.want, config.Decode([]byte(tt.give), &cfg)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeNeverShowsSecrets(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a number":               `{"name":"n","password":31337}`,
		"in a map of secrets":    `{"name":"n","keys":{"k":31337}}`,
		"where its struct is":    `{"name":"n","auth":"31337"}`,
		"under an unknown key":   `{"name":"n","pasword":"31337"}`,
		"where the config is":    `"31337"`,
		"in a list of secrets":   `{"name":"n","keys":["31337"]}`,
		"beside another problem": `{"password":"31337"}`,
	}
	for name, give := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := defaults()
			problems := config.Decode([]byte(give), &cfg)
			if len(problems) == 0 {
				t.Error("want a problem")
			}
			for _, p := range problems {
				if strings.Contains(p.String(), "31337") {
					t.Errorf("shows the secret: %s", p)
				}
			}
		})
	}
}

func TestDecodeLeavesTheStructAloneOnProblems(t *testing.T) {
	t.Parallel()
	cfg := defaults()
	if p := config.Decode([]byte(`{"mode":"slow"}`), &cfg); len(p) != 1 {
		t.Error(p)
	}
	if diff := cmp.Diff(defaults(), cfg, compare); diff != "" {
		t.Error(diff)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"name":"n","wait":"1s","rules":[{"match":"x"}],"free":{"a":[1,null]}}`))
	f.Add([]byte(`{"name":"n","limit":"9999999999TiB","port":"-1","ratio":1e999}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		cfg := defaults()
		problems := config.Decode(raw, &cfg)
		for _, p := range problems {
			if strings.Contains(p.Cure, "mistake in the program") {
				t.Errorf("what was checked did not fit the struct: %s", p)
			}
		}
		if len(problems) == 0 && cfg.Name == "" {
			t.Error("a required key is missing without a problem")
		}
	})
}

func TestDecodeFillsPointersInListsAndMaps(t *testing.T) {
	t.Parallel()
	type pointers struct {
		Rules  []*rule           `koanf:"rules" doc:"Rules."`
		Topics map[string]*topic `koanf:"topics" doc:"Topics."`
		Auth   *auth             `koanf:"auth" doc:"Login."`
	}
	got := pointers{Auth: &auth{User: "default", Password: config.NewSecret("kept")}}
	if p := config.Decode([]byte(`{"rules":[{"match":"m"}],"topics":{"t":{"partitions":2}},"auth":{"user":"u"}}`), &got); len(p) > 0 {
		t.Fatal(p)
	}
	want := pointers{Rules: []*rule{{"m"}}, Topics: map[string]*topic{"t": {2}}, Auth: &auth{User: "u", Password: config.NewSecret("kept")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
