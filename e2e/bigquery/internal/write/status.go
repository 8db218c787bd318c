package write

import (
	"errors"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery/internal/rows"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

type code struct {
	grpc    codes.Code
	storage storagepb.StorageError_StorageErrorCode
}

var reasons = map[warehouse.Reason]code{
	warehouse.Invalid:            {grpc: codes.InvalidArgument},
	warehouse.NotFound:           {codes.NotFound, storagepb.StorageError_TABLE_NOT_FOUND},
	warehouse.StreamNotFound:     {codes.NotFound, storagepb.StorageError_STREAM_NOT_FOUND},
	warehouse.StreamFinalized:    {codes.InvalidArgument, storagepb.StorageError_STREAM_FINALIZED},
	warehouse.StreamNotFinalized: {codes.InvalidArgument, storagepb.StorageError_INVALID_STREAM_STATE},
	warehouse.StreamCommitted:    {codes.InvalidArgument, storagepb.StorageError_STREAM_ALREADY_COMMITTED},
	warehouse.StreamType:         {codes.InvalidArgument, storagepb.StorageError_INVALID_STREAM_TYPE},
	warehouse.OffsetExists:       {codes.AlreadyExists, storagepb.StorageError_OFFSET_ALREADY_EXISTS},
	warehouse.Denied:             {grpc: codes.PermissionDenied},
	warehouse.OffsetBeyond:       {codes.OutOfRange, storagepb.StorageError_OFFSET_OUT_OF_RANGE},
}

// statusOf gives an error its gRPC code and, where the service has one, the StorageError detail by which clients tell
// causes apart.
func statusOf(err error, entity string) *status.Status {
	var refused *warehouse.Error
	var extra *rows.ExtraFieldsError
	switch {
	case errors.As(err, &refused):
		c := reasons[refused.Reason]
		if c.grpc == codes.PermissionDenied { // its words are those of another part of the service
			return status.New(c.grpc, refused.Message)
		}
		return detailed(c, refused.Entity, refused.Message)
	case errors.As(err, &extra):
		return detailed(code{codes.InvalidArgument, storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS}, entity, err.Error())
	}
	if s, ok := status.FromError(err); ok {
		return s
	}
	return detailed(code{grpc: codes.InvalidArgument}, entity, err.Error())
}

func detailed(c code, entity, message string) *status.Status {
	s := status.New(c.grpc, message+" Entity: "+entity)
	if c.storage == storagepb.StorageError_STORAGE_ERROR_CODE_UNSPECIFIED {
		return s
	}
	with, err := s.WithDetails(&storagepb.StorageError{Code: c.storage, Entity: entity, ErrorMessage: message})
	if err != nil {
		return s
	}
	return with
}
