package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	"github.com/leat-io/leat/sdk/handshake"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// hostile is a plugin without the SDK that does to its host what the configuration
// says.
type hostile struct {
	leatv1.UnimplementedPluginServiceServer
	kind   leatv1.Kind
	config hostileConfig
}

type hostileConfig struct {
	Dir string `json:"dir"`
	// How names one of hostilities.
	How string `json:"how"`
}

func serveHostile(name string) {
	kinds := map[string]leatv1.Kind{
		"hostile-source": leatv1.Kind_KIND_SOURCE, "hostile-transform": leatv1.Kind_KIND_TRANSFORM, "hostile-sink": leatv1.Kind_KIND_SINK,
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  handshake.Config,
		VersionedPlugins: handshake.Plugins(&hostile{kind: kinds[name]}),
		GRPCServer:       func(opts []grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) },
	})
}

func (h *hostile) Describe(context.Context, *leatv1.DescribeRequest) (*leatv1.DescribeResponse, error) {
	return &leatv1.DescribeResponse{Name: "hostile", Kind: h.kind, Transactional: h.kind == leatv1.Kind_KIND_SINK}, nil
}

func (h *hostile) Health(context.Context, *leatv1.HealthRequest) (*leatv1.HealthResponse, error) {
	return &leatv1.HealthResponse{}, nil
}

func (h *hostile) Open(_ context.Context, r *leatv1.OpenRequest) (*leatv1.OpenResponse, error) {
	if err := json.Unmarshal(r.GetConfig(), &h.config); err != nil {
		return nil, err
	}
	conn, err := net.Dial("unix", r.GetSocket())
	if err != nil {
		return nil, err
	}
	w := &attack{Writer: frame.NewWriter(conn), reader: frame.NewReader(conn), conn: conn}
	w.send(frame.Header{Type: frame.Hello}, nil, r.GetToken())
	out := &leatv1.OpenResponse{}
	if h.kind == leatv1.Kind_KIND_SINK {
		is := h.config.How == "stored"
		out.Transactional = &is
		if is {
			out.Checkpoint = h.stored()
		}
	}
	go hostilities[h.config.How](w)
	return out, nil
}

// stored claims another position at each start, until one is that of a batch that
// the sink was never sent.
func (h *hostile) stored() *leatv1.Checkpoint {
	c := common{Dir: h.config.Dir}
	if err := c.started("hostile"); err != nil {
		panic(err)
	}
	starts := len(pids(h.config.Dir, "hostile"))
	if starts == 1 {
		return nil
	}
	b, _ := sdk.Position{Base: []byte("0"), Skip: uint64(starts - 1)}.AppendBinary(nil)
	return &leatv1.Checkpoint{Position: b, State: map[string][]byte{"defined": []byte("yes")}}
}

// attack is the plugin's end of the data socket.
type attack struct {
	*frame.Writer
	reader *frame.Reader
	conn   net.Conn
}

func (a *attack) send(h frame.Header, position, payload []byte) {
	_ = a.Write(&frame.Frame{Header: h, Position: position, Payload: payload}) // the host may have had enough
}

// answer answers each batch as the attack makes it.
func (a *attack) answer(change func(f *frame.Frame)) {
	for {
		f, err := a.reader.Read()
		if err != nil {
			return
		}
		if f.Type == frame.Batch {
			out := &frame.Frame{Header: f.Header, Position: f.Position, Payload: f.Payload}
			change(out)
			a.send(out.Header, out.Position, out.Payload)
		}
	}
}

var hostilities = map[string]func(a *attack){
	"silence": func(a *attack) { _, _ = io.Copy(io.Discard, a.conn) },
	// It dies with what it claims to have stored in the host's mind.
	"stored": func(*attack) {
		time.Sleep(200 * time.Millisecond) // the source has sent it all by then
		os.Exit(1)
	},
	"ack": func(a *attack) {
		a.send(frame.Header{Type: frame.Ack, Sequence: 1 << 40}, nil, nil)
	},
	"count":    func(a *attack) { a.answer(func(f *frame.Frame) { f.Count = 1 << 31 }) },
	"position": func(a *attack) { a.answer(func(f *frame.Frame) { f.Position = []byte("elsewhere") }) },
	"key": func(a *attack) {
		a.send(frame.Header{Type: frame.Schema, Sequence: 1}, nil, []byte(`{"row":{"columns":[],"key":[3]}}`))
	},
	"garbage": func(a *attack) { _, _ = a.conn.Write([]byte(strings.Repeat("garbage!", 100))) },
	"schemas": func(a *attack) {
		for id := uint64(1); id < 1<<20; id++ {
			a.send(frame.Header{Type: frame.Schema, Sequence: id}, nil, fmt.Appendf(nil, `{"row":{"table":"%d"}}%8000s`, id, ""))
		}
	},
	"state": func(a *attack) {
		for range 1 << 20 {
			b, _ := proto.Marshal(&leatv1.StateChange{Set: map[string][]byte{"k": make([]byte, 1<<20)}})
			a.send(frame.Header{Type: frame.State, Sinks: 1}, nil, b)
		}
	},
}

func TestNoPluginHurtsTheHost(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stage string // that is hostile
		how   string
		want  string // in the error of its pipeline
	}{
		"an acknowledgement of what was not sent": {"sink", "ack", "a (hostile-sink): "},
		"a count without records":                 {"transform", "count", "transform says that batch 1 has 2147483648 records"},
		"another position":                        {"transform", "position", "transform changed the position"},
		"a key without columns":                   {"transform", "key", "key [3] names column 3 of 0"},
		"no frame at all":                         {"source", "garbage", "source (hostile-source): "},
		"schemas without end":                     {"source", "schemas", "more than 256 MiB of schemas"},
		"state without end":                       {"source", "state", "more than 128 MiB of changes of state"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := hostileWorld(t, tt.stage, tt.how)
			log := &logged{}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err := engine.Run(ctx, []*pipeline.Definition{&w.def}, engine.Settings{
				PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil)),
			})
			if err == nil || ctx.Err() != nil {
				t.Fatalf("the pipeline ended with %v, time is up: %v", err, ctx.Err())
			}
			if cause := errors.Unwrap(err); !strings.Contains(fmt.Sprint(cause, log.text()), tt.want) {
				t.Errorf("got %v; the log is\n%s", cause, log.text())
			}
		})
	}
}

// The transform never answers, so what the sink claims to have stored is still there.
func TestAStoredPositionOfWhatTheTransformHolds(t *testing.T) {
	t.Parallel()
	w := hostileWorld(t, "transform", "silence")
	w.def.Sinks[0].Stage = w.stage(t, "hostile-sink", conf{"dir": w.dir, "how": "stored"})
	w.def.Source = w.stage(t, "test-source", w.with(conf{"count": 5}))
	w.def.Restart.Max = 8
	if err := w.run(t); err == nil {
		t.Error("the pipeline did not fail")
	}
	if got := len(pids(w.dir, "hostile")); got < 7 {
		t.Errorf("the sink was started %d times", got)
	}
}

// hostileWorld is a pipeline of which one stage is hostile.
func hostileWorld(t *testing.T, stage, how string) *world {
	t.Helper()
	w := newWorld(t, conf{"pause": "1ms"})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"source", "transform", "sink"} {
		if err := os.Symlink(self, filepath.Join(w.dir, "hostile-"+s)); err != nil {
			t.Fatal(err)
		}
	}
	bad := w.stage(t, "hostile-"+stage, conf{"dir": w.dir, "how": how})
	switch stage {
	case "source":
		w.def.Source = bad
	case "transform":
		w.def.Transform = &bad
	default:
		w.def.Sinks[0].Stage = bad
	}
	w.def.Restart.Max = 1
	w.def.StopTimeout = 0
	return w
}
