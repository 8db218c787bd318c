package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// normalDefault drops the default where it says nothing.
func normalDefault(_ *table.Column) {}
