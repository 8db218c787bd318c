package rows

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// compile links a writer schema. The service reads it with proto2 semantics, and it may refer to nothing outside itself
// but the well-known types.
func compile(d *descriptorpb.DescriptorProto) (protoreflect.MessageDescriptor, error) {
	name, syntax := "writer_schema.proto", "proto2"
	file := &descriptorpb.FileDescriptorProto{
		Name:        &name,
		Syntax:      &syntax,
		MessageType: []*descriptorpb.DescriptorProto{d},
		Dependency: []string{
			wrapperspb.File_google_protobuf_wrappers_proto.Path(),
			timestamppb.File_google_protobuf_timestamp_proto.Path(),
		},
	}
	fd, err := protodesc.NewFile(file, protoregistry.GlobalFiles)
	if err != nil {
		return nil, fmt.Errorf("link writer schema: %w", err)
	}
	return fd.Messages().Get(0), nil
}
