package write

import (
	"context"
	"time"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// Service implements the Storage Write API on a warehouse.
type Service struct {
	storagepb.UnimplementedBigQueryWriteServer

	Guard      *warehouse.Guard
	Faults     *fault.Plan
	MaxRequest int // an AppendRows request of this many bytes is too large
}

// CreateWriteStream adds a stream to a table and answers with the full view of it.
func (s *Service) CreateWriteStream(ctx context.Context, req *storagepb.CreateWriteStreamRequest) (*storagepb.WriteStream, error) {
	ref, err := warehouse.ParseTablePath(req.GetParent())
	if err != nil {
		return nil, statusOf(err, req.GetParent()).Err()
	}
	var out *storagepb.WriteStream
	err = s.call(ctx, "CreateWriteStream", ref, func(w *warehouse.Warehouse, t *warehouse.Table, now time.Time) error {
		st, err := w.CreateStream(ref, kindOf(req.GetWriteStream().GetType()), now)
		if err != nil {
			return err
		}
		out, err = describe(w, t, st, true, now)
		return err
	})
	return out, err
}

// GetWriteStream describes a stream; the full view carries the schema that writers see.
func (s *Service) GetWriteStream(ctx context.Context, req *storagepb.GetWriteStreamRequest) (*storagepb.WriteStream, error) {
	var out *storagepb.WriteStream
	err := s.onStream(ctx, "GetWriteStream", req.GetName(), func(w *warehouse.Warehouse, t *warehouse.Table, id string, now time.Time) error {
		st, err := t.Stream(id)
		if err != nil {
			return err
		}
		out, err = describe(w, t, st, req.GetView() == storagepb.WriteStreamView_FULL, now)
		return err
	})
	return out, err
}

// FinalizeWriteStream closes a stream for appends.
func (s *Service) FinalizeWriteStream(ctx context.Context, req *storagepb.FinalizeWriteStreamRequest) (*storagepb.FinalizeWriteStreamResponse, error) {
	out := &storagepb.FinalizeWriteStreamResponse{}
	err := s.onStream(ctx, "FinalizeWriteStream", req.GetName(), func(_ *warehouse.Warehouse, t *warehouse.Table, id string, _ time.Time) (err error) {
		out.RowCount, err = t.Finalize(id)
		return err
	})
	return out, err
}

// FlushRows shows the rows of a buffered stream.
func (s *Service) FlushRows(ctx context.Context, req *storagepb.FlushRowsRequest) (*storagepb.FlushRowsResponse, error) {
	out := &storagepb.FlushRowsResponse{}
	err := s.onStream(ctx, "FlushRows", req.GetWriteStream(), func(_ *warehouse.Warehouse, t *warehouse.Table, id string, now time.Time) (err error) {
		out.Offset, err = t.Flush(id, req.GetOffset().GetValue(), now)
		return err
	})
	return out, err
}

// BatchCommitWriteStreams shows the rows of pending streams. A stream that cannot be committed is an entry in the
// answer, not an error, and then none is.
func (s *Service) BatchCommitWriteStreams(ctx context.Context, req *storagepb.BatchCommitWriteStreamsRequest) (*storagepb.BatchCommitWriteStreamsResponse, error) {
	ref, err := warehouse.ParseTablePath(req.GetParent())
	if err != nil {
		return nil, statusOf(err, req.GetParent()).Err()
	}
	var ids []string
	for _, name := range req.GetWriteStreams() {
		of, id, err := warehouse.ParseStreamPath(name)
		if err != nil || of != ref {
			return nil, status.Errorf(codes.InvalidArgument, "Stream %q is not of the parent table %s", name, ref.Path())
		}
		ids = append(ids, id)
	}
	out := &storagepb.BatchCommitWriteStreamsResponse{}
	err = s.call(ctx, "BatchCommitWriteStreams", ref, func(_ *warehouse.Warehouse, t *warehouse.Table, now time.Time) error {
		for _, e := range t.Commit(ids, now) {
			out.StreamErrors = append(out.StreamErrors, &storagepb.StorageError{Code: reasons[e.Reason].storage, Entity: e.Entity, ErrorMessage: e.Message})
		}
		if len(out.StreamErrors) == 0 {
			out.CommitTime = timestamppb.New(now)
		}
		return nil
	})
	return out, err
}

// describe fills the resource of a stream.
func describe(w *warehouse.Warehouse, t *warehouse.Table, st *warehouse.Stream, full bool, now time.Time) (*storagepb.WriteStream, error) {
	out := &storagepb.WriteStream{
		Name:       t.Ref.StreamPath(st.ID),
		Type:       typeOf(st.Kind),
		CreateTime: timestamppb.New(st.Created),
		WriteMode:  storagepb.WriteStream_INSERT,
		Location:   t.Location(),
	}
	if !st.Committed.IsZero() {
		out.CommitTime = timestamppb.New(st.Committed)
	}
	if !full {
		return out, nil
	}
	_, fields, _, err := w.Seen(t.Ref, now)
	out.TableSchema = storageSchema(fields)
	return out, err
}

func kindOf(t storagepb.WriteStream_Type) warehouse.StreamKind {
	switch t {
	case storagepb.WriteStream_COMMITTED:
		return warehouse.Committed
	case storagepb.WriteStream_PENDING:
		return warehouse.Pending
	case storagepb.WriteStream_BUFFERED:
		return warehouse.Buffered
	default:
		return warehouse.Default
	}
}

func typeOf(k warehouse.StreamKind) storagepb.WriteStream_Type {
	switch k {
	case warehouse.Pending:
		return storagepb.WriteStream_PENDING
	case warehouse.Buffered:
		return storagepb.WriteStream_BUFFERED
	default:
		return storagepb.WriteStream_COMMITTED
	}
}
