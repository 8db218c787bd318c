package write

import (
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	bq "google.golang.org/api/bigquery/v2"
)

// storageType names each REST type in the Storage Write API.
var storageType = map[string]storagepb.TableFieldSchema_Type{
	"STRING": storagepb.TableFieldSchema_STRING, "BYTES": storagepb.TableFieldSchema_BYTES,
	"INTEGER": storagepb.TableFieldSchema_INT64, "FLOAT": storagepb.TableFieldSchema_DOUBLE,
	"BOOLEAN": storagepb.TableFieldSchema_BOOL, "TIMESTAMP": storagepb.TableFieldSchema_TIMESTAMP,
	"DATE": storagepb.TableFieldSchema_DATE, "TIME": storagepb.TableFieldSchema_TIME,
	"DATETIME": storagepb.TableFieldSchema_DATETIME, "GEOGRAPHY": storagepb.TableFieldSchema_GEOGRAPHY,
	"NUMERIC": storagepb.TableFieldSchema_NUMERIC, "BIGNUMERIC": storagepb.TableFieldSchema_BIGNUMERIC,
	"JSON": storagepb.TableFieldSchema_JSON, "RECORD": storagepb.TableFieldSchema_STRUCT,
}

var storageMode = map[string]storagepb.TableFieldSchema_Mode{
	"NULLABLE": storagepb.TableFieldSchema_NULLABLE,
	"REQUIRED": storagepb.TableFieldSchema_REQUIRED,
	"REPEATED": storagepb.TableFieldSchema_REPEATED,
}

func storageSchema(fields []*bq.TableFieldSchema) *storagepb.TableSchema {
	return &storagepb.TableSchema{Fields: storageFields(fields)}
}

func storageFields(fields []*bq.TableFieldSchema) []*storagepb.TableFieldSchema {
	var out []*storagepb.TableFieldSchema
	for _, f := range fields {
		out = append(out, &storagepb.TableFieldSchema{
			Name:                   f.Name,
			Type:                   storageType[f.Type],
			Mode:                   storageMode[f.Mode],
			Fields:                 storageFields(f.Fields),
			Description:            f.Description,
			MaxLength:              f.MaxLength,
			Precision:              f.Precision,
			Scale:                  f.Scale,
			DefaultValueExpression: f.DefaultValueExpression,
		})
	}
	return out
}
