package main

import "testing"

func TestSCRAMWithoutTLSIsWarnedOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		give string
		want int
	}{
		"to another machine":    {`{"brokers": ["k:1"], "sasl": {"mechanism": "SCRAM-SHA-256", "username": "u", "password": "p"}}`, 1},
		"to this machine":       {`{"brokers": ["localhost:1"], "sasl": {"mechanism": "SCRAM-SHA-256", "username": "u", "password": "p"}}`, 0},
		"with TLS":              {`{"brokers": ["k:1"], "tls": {"mode": "required"}, "sasl": {"mechanism": "SCRAM-SHA-256", "username": "u", "password": "p"}}`, 0},
		"PLAIN, as was allowed": {`{"brokers": ["k:1"], "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p", "allow_plaintext": true}}`, 0},
		"nobody logs in":        {`{"brokers": ["k:1"]}`, 0},
	}
	for name, tt := range tests {
		c, problems := decode(t, tt.give)
		if problems != nil {
			t.Fatal(name, problems)
		}
		findings := c.scramWithoutTLS()
		if len(findings) != tt.want || tt.want > 0 && (findings[0].Path != "tls.mode" || findings[0].Cure == "") {
			t.Errorf("%s: got %v", name, findings)
		}
	}
}
