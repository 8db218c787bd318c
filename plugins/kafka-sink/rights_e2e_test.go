//go:build e2e

package main

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// freePorts finds two consecutive ports and another one.
func freePorts(t *testing.T) (first, other int) {
	t.Helper()
	free := func(port int) (int, error) {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return 0, err
		}
		defer l.Close()
		return l.Addr().(*net.TCPAddr).Port, nil
	}
	for {
		first, err := free(0)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := free(0)
		if _, err := free(first + 1); err == nil && other != 0 && other != first && other != first+1 {
			return first, other
		}
	}
}

// startGuarded runs a broker that lets everybody do everything on its plain
// listener, and the user u on the other what ACLs allow.
func startGuarded(t *testing.T) (plain, guarded string) {
	t.Helper()
	first, other := freePorts(t)
	listeners := fmt.Sprintf("PLAINTEXT://127.0.0.1:%d,SASL_PLAINTEXT://127.0.0.1:%d", first, other)
	server, err := servers.Kafka(t.Context(), servers.Options{Port: first, Flags: []string{
		fmt.Sprintf("listeners=%s,CONTROLLER://127.0.0.1:%d", listeners, first+1),
		"advertised.listeners=" + listeners,
		"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
		"sasl.enabled.mechanisms=PLAIN",
		`listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_u="p";`,
		"authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"super.users=User:ANONYMOUS",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop kafka: %v", err)
		}
	})
	return server.Bootstrap, fmt.Sprintf("127.0.0.1:%d", other)
}

// TestRights takes a user without any rights to a sink that runs, by the cures
// that validation and the sink print.
func TestRights(t *testing.T) {
	plain, guarded := startGuarded(t)
	admin, err := kgo.NewClient(kgo.SeedBrokers(plain))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := kadm.NewClient(admin).CreateTopic(t.Context(), 1, 1, nil, "db.there"); err != nil {
		t.Fatal(err)
	}
	config := map[string]any{
		"brokers": []string{guarded}, "sasl": map[string]any{"mechanism": "PLAIN", "username": "u", "password": "p"},
	}
	_, err = open(t, config)
	if err == nil || sdk.IsTransient(err) {
		t.Fatalf("got %v, want a permanent error", err)
	}
	grant(t, plain, cutBefore(t, err.Error(), "run kafka-acls.sh"))

	raw := fmt.Appendf(nil, `{"brokers": [%q], "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`, guarded)
	request := &leatv1.ValidateRequest{Config: raw, Live: true, Pipeline: "p", Name: "kafka", Streams: []*leatv1.Stream{{Topic: "db.there"}, {Topic: "db.new"}}}
	for range 3 { // what is granted lets the next be seen
		for _, f := range findingsOf(t, request) {
			t.Logf("%s: %s: %s", f.GetCheck(), f.GetMessage(), f.GetCure())
			if strings.HasPrefix(f.GetCure(), "run kafka-acls.sh") {
				grant(t, plain, f.GetCure())
			}
		}
	}
	for _, f := range findingsOf(t, request) {
		t.Errorf("finding %v", f)
	}
	h, err := open(t, config)
	if err != nil {
		t.Fatal(err)
	}
	h.send(t, one("db.there", keySchema, sdk.Message{Key: []byte("k"), Value: []byte("v"), Time: 1}))
	h.send(t, one("db.new", keySchema, sdk.Message{Key: []byte("k"), Value: []byte("v"), Time: 1}))
	if err := h.settle(t); err != nil {
		t.Error(err)
	}
}

// findingsOf returns errors and warnings.
func findingsOf(t *testing.T, request *leatv1.ValidateRequest) []*leatv1.Finding {
	t.Helper()
	res, err := newPlugin().Validate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	var out []*leatv1.Finding
	for _, f := range res.GetFindings() {
		if f.GetSeverity() != leatv1.Severity_SEVERITY_OK {
			out = append(out, f)
		}
	}
	return out
}

func cutBefore(t *testing.T, text, begin string) string {
	t.Helper()
	i := strings.Index(text, begin)
	if i < 0 {
		t.Fatalf("%q has no %q", text, begin)
	}
	return text[i:]
}

// grant does what a cure says.
func grant(t *testing.T, broker, cure string) {
	t.Helper()
	arguments := strings.Fields(strings.TrimPrefix(strings.Replace(cure, "BROKER", broker, 1), "run kafka-acls.sh"))
	tool := exec.CommandContext(t.Context(), "../../e2e/services/kafka.sh", append([]string{"tool", "org.apache.kafka.tools.AclCommand"}, arguments...)...)
	if out, err := tool.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cure, err, out)
	}
}

// TestRealClaim holds what the fence rests on against a real coordinator.
func TestRealClaim(t *testing.T) {
	k := startKafka(t)
	c, err := client.New(client.Settings{
		Brokers: strings.Split(k.Bootstrap, ","), DialTimeout: DefaultConfig().DialTimeout, RequestTimeout: DefaultConfig().RequestTimeout,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	claim := func(held produce.Identity) produce.Identity {
		t.Helper()
		got, err := c.Claim("leat.p.kafka", held)
		if err != nil {
			t.Fatalf("claim with %+v: %v", held, err)
		}
		return got
	}
	first := claim(produce.Nobody)
	if err := c.MayClaim("leat.p.kafka"); err != nil {
		t.Errorf("may not claim: %v", err)
	}
	renewed := claim(first)
	if want := (produce.Identity{ID: first.ID, Epoch: first.Epoch + 1}); renewed != want {
		t.Errorf("renewed to %+v, want %+v: asking for the right must not claim", renewed, want)
	}
	next := claim(produce.Nobody)
	if next.ID != first.ID || next.Epoch <= renewed.Epoch {
		t.Errorf("the next process has %+v after %+v", next, renewed)
	}
	for _, held := range []produce.Identity{first, renewed} {
		if got, err := c.Claim("leat.p.kafka", held); err == nil || sdk.IsTransient(fault.Mark(err)) {
			t.Errorf("a process of before renews %+v to %+v, %v", held, got, err)
		}
	}
	if last := claim(next); last.Epoch != next.Epoch+1 {
		t.Errorf("%+v is renewed to %+v after others have tried", next, last)
	}
}
