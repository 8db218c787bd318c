package client

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

// request is a SaslAuthenticate request as sarama writes it.
func request(version byte, body string) []byte {
	head := "\x00\x24\x00" + string(version) + "\x00\x00\x00\x07\x00\x04leat"
	return []byte("\x00\x00\x00" + string(byte(len(head)+len(body))) + head + body)
}

// recorded keeps what is written.
type recorded struct {
	net.Conn
	written bytes.Buffer
}

func (r *recorded) Write(b []byte) (int, error) { return r.written.Write(b) }

func TestPlainConnWritesTheCredentialsOfNow(t *testing.T) {
	t.Parallel()
	const given = "\x00" + placeholderUser + "\x00" + placeholderPassword
	sasl := SASL{Mechanism: "PLAIN", Username: config.NewText("anna"), Password: config.NewSecret("pw")}
	missing := SASL{Mechanism: "PLAIN", Username: config.NewText("anna"), Password: config.SecretFile("sasl.password", "/no/such")}
	tests := map[string]struct {
		sasl          SASL
		give          []byte
		want, wantErr string
	}{
		"version 0":            {sasl, request(0, "\x00\x00\x00"+string(byte(len(given)))+given), string(request(0, "\x00\x00\x00\x08\x00anna\x00pw")), ""},
		"version 1":            {sasl, request(1, "\x00\x00\x00"+string(byte(len(given)))+given), string(request(1, "\x00\x00\x00\x08\x00anna\x00pw")), ""},
		"version 2":            {sasl, request(2, "\x00"+string(byte(len(given)+1))+given+"\x00"), string(request(2, "\x00\x09\x00anna\x00pw\x00")), ""},
		"another request":      {sasl, []byte("\x00\x00\x00\x0e\x00\x03\x00\x01\x00\x00\x00\x07\x00\x04leat"), "\x00\x00\x00\x0e\x00\x03\x00\x01\x00\x00\x00\x07\x00\x04leat", ""},
		"not as expected":      {sasl, request(2, "\x00\x03ab\x00"), "", "report it"},
		"cut short":            {sasl, request(2, "")[:15], "", "report it"},
		"no file of passwords": {missing, request(1, "\x00\x00\x00"+string(byte(len(given)))+given), "", "read sasl.password: /no/such cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out recorded
			n, err := (&plainConn{Conn: &out, sasl: tt.sasl}).Write(tt.give)
			if diff := cmp.Diff(tt.want, out.written.String()); diff != "" {
				t.Error(diff)
			}
			if tt.wantErr == "" && (err != nil || n != len(tt.give)) || tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)) {
				t.Errorf("wrote %d of %d, %v, want %q", n, len(tt.give), err, tt.wantErr)
			}
		})
	}
}
