select files.file_id, files.file_name, files.status
from raw.files as files
