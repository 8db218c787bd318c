package bigquery

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/rest"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
	"github.com/leat-io/leat/e2e/bigquery/internal/write"
)

// Options sets up a Server; the zero value serves.
type Options struct {
	RESTAddr   string           // address to listen on, "" is a free port on loopback
	GRPCAddr   string           // address to listen on, "" is a free port on loopback
	MaxRequest int              // bytes at which an AppendRows request is too large, 0 is 20 MB
	Now        func() time.Time // clock of all operations, nil is the real one; ManualClock is another
}

// Server is a running stand-in.
type Server struct {
	RESTURL  string // http://127.0.0.1:port
	GRPCAddr string // 127.0.0.1:port

	guard  *warehouse.Guard
	faults *fault.Plan
	http   *http.Server
	grpc   *grpc.Server
	served chan error
}

// defaultMaxRequest is the documented size below which an AppendRowsRequest must stay.
const defaultMaxRequest = 20_000_000

// Start listens and serves until Close.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxRequest == 0 {
		o.MaxRequest = defaultMaxRequest
	}
	var lc net.ListenConfig
	restLis, err := lc.Listen(ctx, "tcp", orLoopback(o.RESTAddr))
	if err != nil {
		return nil, fmt.Errorf("listen for REST on %q: %w", o.RESTAddr, err)
	}
	grpcLis, err := lc.Listen(ctx, "tcp", orLoopback(o.GRPCAddr))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for gRPC on %q: %w", o.GRPCAddr, err), restLis.Close())
	}
	s := build(o)
	s.RESTURL, s.GRPCAddr = "http://"+restLis.Addr().String(), grpcLis.Addr().String()
	go func() { s.served <- s.http.Serve(restLis) }()
	go func() { s.served <- s.grpc.Serve(grpcLis) }()
	return s, nil
}

func build(o Options) *Server {
	s := &Server{
		guard:  warehouse.NewGuard(warehouse.New(), o.Now),
		faults: &fault.Plan{},
		served: make(chan error, 2),
	}
	// The transport must take more than the limit, so that the service refuses in its own words.
	s.grpc = grpc.NewServer(grpc.MaxRecvMsgSize(2*o.MaxRequest + 1<<20))
	storagepb.RegisterBigQueryWriteServer(s.grpc, &write.Service{Guard: s.guard, Faults: s.faults, MaxRequest: o.MaxRequest})
	s.http = &http.Server{
		Handler:           (&rest.Handler{Guard: s.guard, Faults: s.faults}).Routes(),
		ReadHeaderTimeout: 10 * time.Second,
	}
	return s
}

func orLoopback(addr string) string {
	if addr == "" {
		return "127.0.0.1:0"
	}
	return addr
}

// Close ends all connections at once, as a service that dies does, and waits for both servers.
func (s *Server) Close() error {
	s.grpc.Stop()
	err := s.http.Close()
	for range 2 {
		if e := <-s.served; e != nil && !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, grpc.ErrServerStopped) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Faults returns the plan of failures to show; it is empty at first.
func (s *Server) Faults() *fault.Plan { return s.faults }

// SetDelays sets how long writers go without seeing the tables created and the schemas altered from now on.
func (s *Server) SetDelays(d Delays) {
	s.guard.Do(func(w *warehouse.Warehouse, _ time.Time) { w.SetDelays(d) })
}

// Deny takes permissions from the account, such as bigquery.tables.updateData; those taken before come back.
func (s *Server) Deny(permissions ...string) {
	s.guard.Do(func(w *warehouse.Warehouse, _ time.Time) { w.Deny(permissions...) })
}

// RESTOptions points a client of the REST API at the server.
func (s *Server) RESTOptions() []option.ClientOption {
	return []option.ClientOption{option.WithEndpoint(s.RESTURL), option.WithoutAuthentication()}
}

// WriteOptions points a client of the Storage Write API at the server.
func (s *Server) WriteOptions() []option.ClientOption {
	return []option.ClientOption{
		option.WithEndpoint(s.GRPCAddr),
		option.WithoutAuthentication(),
		option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())),
	}
}
