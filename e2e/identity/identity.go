// Package identity is an OpenID Connect provider for tests: it gives tokens by
// client credentials, signed by a key that it publishes, and answers otherwise
// where a test says so. It does not know leat.
package identity

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Issuer is in all tokens.
const Issuer = "https://idp.test"

// Provider is the provider.
type Provider struct {
	*httptest.Server

	mu     sync.Mutex
	key    *rsa.PrivateKey
	client string
	secret string
	life   time.Duration
	status int // of a failure, 0 for none
	body   string
	forms  []url.Values
}

// Start runs a provider that knows one client, until the test ends.
func Start(t testing.TB, client, secret string, life time.Duration) *Provider {
	t.Helper()
	p := unstarted(t, client, secret, life)
	p.Start()
	return p
}

// StartTLS does the same over https.
func StartTLS(t testing.TB, client, secret string, life time.Duration, conf *tls.Config) *Provider {
	t.Helper()
	p := unstarted(t, client, secret, life)
	p.TLS = conf
	p.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that clients end
	p.StartTLS()
	return p
}

func unstarted(t testing.TB, client, secret string, life time.Duration) *Provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{key: key, client: client, secret: secret, life: life}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", p.grant)
	mux.HandleFunc("GET /keys", p.keys)
	p.Server = httptest.NewUnstartedServer(mux)
	t.Cleanup(p.Close)
	return p
}

// TokenURL is the token endpoint.
func (p *Provider) TokenURL() string { return p.URL + "/token" }

// KeysURL has the keys that sign tokens, as a JSON Web Key Set.
func (p *Provider) KeysURL() string { return p.URL + "/keys" }

// Fail has the endpoint answer with a status and body; 0 ends it.
func (p *Provider) Fail(status int, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.body = status, body
}

// Rotate changes the client's secret.
func (p *Provider) Rotate(secret string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.secret = secret
}

// Forms returns what was asked for, one a request.
func (p *Provider) Forms() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]url.Values(nil), p.forms...)
}

func (p *Provider) grant(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.forms = append(p.forms, r.PostForm)
	w.Header().Set("Content-Type", "application/json")
	client, secret, _ := r.BasicAuth()
	switch {
	case p.status != 0:
		w.WriteHeader(p.status)
		fmt.Fprint(w, p.body)
	case client != p.client || secret != p.secret:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client","error_description":"no such client, or its secret is another"}`)
	default:
		answer := map[string]any{"access_token": p.sign(r.PostForm.Get("scope")), "token_type": "Bearer", "expires_in": int(p.life / time.Second)}
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	exponent := binary.BigEndian.AppendUint32(nil, uint32(p.key.E))
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256",
		"n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(exponent[1:]),
	}}})
}

// Token signs a token that is valid for a time from now.
func (p *Provider) Token(life time.Duration, claims map[string]any) string {
	now := time.Now()
	all := map[string]any{
		"iss": Issuer, "sub": p.client, "aud": "kafka", "iat": now.Unix(), "exp": now.Add(life).Unix(), "jti": rand.Text(),
	}
	maps.Copy(all, claims)
	text := encode(map[string]string{"alg": "RS256", "kid": "k", "typ": "JWT"}) + "." + encode(all)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, p.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is ours
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (p *Provider) sign(scope string) string {
	return p.Token(p.life, map[string]any{"scope": scope})
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts and numbers
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
