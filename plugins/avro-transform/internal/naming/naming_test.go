package naming_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/naming"
)

func TestFullName(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		adjustment naming.Adjustment
		in, want   string
	}{
		"legal names stay":                    {naming.Avro, "dbserver1.inventory.Customers_2", "dbserver1.inventory.Customers_2"},
		"illegal characters are underscores":  {naming.Avro, "a-b.c d", "a_b.c_d"},
		"a leading digit is kept":             {naming.Avro, "1a.b", "_1a.b"},
		"by itself it is Avro's":              {naming.Auto, "a-b.2", "a_b.2"},
		"a leading dot is illegal":            {naming.Avro, ".a", "_a"},
		"digits may begin a later part":       {naming.Avro, "a.2", "a.2"},
		"strictly they may not":               {naming.AvroStrict, "a-b.2.c", "a_b._2.c"},
		"strictly an empty part stays legal":  {naming.AvroStrict, "a..2", "a.__2"},
		"beyond the basic plane counts twice": {naming.Avro, "a😀b", "a__b"},
		"none leaves all":                     {naming.None, "a-b 😀", "a-b 😀"},
		"unicode escapes":                     {naming.AvroUnicode, "a-b.c", "a_u002db.c"},
		"unicode escapes underscores":         {naming.AvroUnicode, "_a_b", "_u005fa_u005fb"},
		"unicode escapes a leading digit":     {naming.AvroUnicode, "1a", "_u0031a"},
		"unicode escapes three digits short":  {naming.AvroUnicode, "aĀ", "a_u100"},
		"empty":                               {naming.Avro, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.adjustment.FullName(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTopic(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ database, table, want string }{
		"OK":                       {"inventory", "customers", "p.inventory.customers"},
		"legal characters stay":    {"a-b_c", "d.e", "p.a-b_c.d.e"},
		"others are underscores":   {"a b", "grün😀", "p.a_b.gr_n__"},
		"blank parts are left out": {" ", "t", "p.t"},
		"long names are cut":       {"d", strings.Repeat("x", 300), "p.d." + strings.Repeat("x", 245)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, naming.Topic("p", tt.database, tt.table)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		strategy naming.Strategy
		want     naming.Names
	}{
		"by topic": {naming.TopicName, naming.Names{
			Topic: "p.a-b.t", Namespace: "p.a_b.t", KeySubject: "p.a-b.t-key", ValueSubject: "p.a-b.t-value",
		}},
		"by record": {naming.RecordName, naming.Names{
			Topic: "p.a-b.t", Namespace: "p.a_b.t", KeySubject: "p.a_b.t.Key", ValueSubject: "p.a_b.t.Envelope",
		}},
		"by topic and record": {naming.TopicRecordName, naming.Names{
			Topic: "p.a-b.t", Namespace: "p.a_b.t", KeySubject: "p.a-b.t-p.a_b.t.Key", ValueSubject: "p.a-b.t-p.a_b.t.Envelope",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := naming.Rules{TopicPrefix: "p", Subject: tt.strategy, Schema: naming.Avro, Field: naming.Avro}
			if diff := cmp.Diff(tt.want, r.Of("a-b", "t")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRules_Strict(t *testing.T) {
	t.Parallel()
	r, ok := naming.Rules{TopicPrefix: "p", Schema: naming.Auto}.Strict()
	if got := r.Of("d", "t.2").Namespace; !ok || got != "p.d.t._2" {
		t.Errorf("got %s, %v", got, ok)
	}
	if _, ok := (naming.Rules{Schema: naming.Avro}).Strict(); ok {
		t.Error("a user who chose Debezium's names gets others")
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		got, err := naming.Rules{Field: naming.Avro}.Fields([]string{"id", "we-ird name", "a.b", "1st"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"id", "we_ird_name", "a_b", "_1st"}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("ErrClash names both columns", func(t *testing.T) {
		t.Parallel()
		_, err := naming.Rules{Field: naming.Avro}.Fields([]string{"a-b", "a b"})
		if !errors.Is(err, naming.ErrClash) || !strings.Contains(err.Error(), `"a-b" and "a b"`) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRegister(t *testing.T) {
	t.Parallel()
	rules := naming.Rules{TopicPrefix: "p", Schema: naming.Avro}
	tests := map[string]struct {
		first, second [2]string
		clash         bool
	}{
		"OK":                                   {[2]string{"a", "b"}, [2]string{"a", "c"}, false},
		"the same table again":                 {[2]string{"a", "b"}, [2]string{"a", "b"}, false},
		"ErrClash of topics over a dot":        {[2]string{"a.b", "c"}, [2]string{"a", "b.c"}, true},
		"ErrClash of topics when sanitised":    {[2]string{"a", "b c"}, [2]string{"a", "b_c"}, true},
		"ErrClash of namespaces when adjusted": {[2]string{"a-b", "c"}, [2]string{"a_b", "c"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := naming.NewRegister()
			if err := r.Claim(tt.first[0], tt.first[1], rules.Of(tt.first[0], tt.first[1])); err != nil {
				t.Fatal(err)
			}
			err := r.Claim(tt.second[0], tt.second[1], rules.Of(tt.second[0], tt.second[1]))
			if errors.Is(err, naming.ErrClash) != tt.clash {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestIsTopicPrefix(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"db.server-1_x": true, "": false, "a b": false, ".": false, "ü": false} {
		if got := naming.IsTopicPrefix(s); got != want {
			t.Errorf("%q: got %v", s, got)
		}
	}
}
