select payers.payer_id, payers.payer_name, payers.payer_class
from raw.payers as payers
inner join raw.files_in_force as files on payers.file_number = files.file_number
