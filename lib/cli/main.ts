console.log('perch');
