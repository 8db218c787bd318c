package sdk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

type locked struct {
	Mode     string        `koanf:"mode" options:"a,b" doc:"Mode."`
	Password config.Secret `koanf:"password" doc:"Password."`
}

// lockedPlugin hands what it is configured with to take.
func lockedPlugin(take func(locked)) *sdk.Plugin {
	return sdk.NewSink(sdk.Info{Name: "locked"}, func() locked { return locked{} }, func(c locked, _ sdk.Env) (*plain, error) {
		take(c)
		return &plain{}, nil
	})
}

func TestSecretsOfFilesAreThoseOfNow(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	var got locked
	p := lockedPlugin(func(c locked) { got = c })
	for _, password := range []string{"first", "second"} {
		if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := p.Server().Validate(t.Context(), &leatv1.ValidateRequest{
			Config: []byte(`{"password":"that of the host"}`), Files: map[string]string{"password": file},
		})
		if err != nil || len(r.GetFindings()) > 0 {
			t.Fatal(r, err)
		}
		if text, err := got.Password.Reveal(); text != password || err != nil {
			t.Errorf("got %q, %v, want %q", text, err, password)
		}
	}
}

func TestAFileThatIsGoneIsWaitedForAndAMistakeIsNot(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config string
		want   leatv1.FailureKind
	}{
		"the file alone":            {`{"password":"x"}`, leatv1.FailureKind_FAILURE_KIND_TRANSIENT},
		"the file beside a mistake": {`{"password":"x","mode":"c"}`, leatv1.FailureKind_FAILURE_KIND_PERMANENT},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := lockedPlugin(func(locked) {}).Server().Open(t.Context(), &leatv1.OpenRequest{
				Config: []byte(tt.config), Files: map[string]string{"password": "/no/such/file"},
			})
			if err != nil {
				t.Fatal(err)
			}
			f := r.GetFailure()
			if f.GetKind() != tt.want || !strings.Contains(f.GetMessage(), "read password: /no/such/file cannot be read") {
				t.Errorf("got %v", f)
			}
		})
	}
}
